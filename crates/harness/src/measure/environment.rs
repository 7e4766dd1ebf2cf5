//! The machine that figures were made on.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::sys::counters;

/// What is known of the machine. Every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// The processor's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// How many processors this process may use at once (affinity and cgroup quota counted in).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
    /// How many processors the system has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processors: Option<u32>,
    /// The processors that this process may run on, as a list of ranges: `0-3,8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<String>,
    /// How many processors' time the group of processes that this belongs to may use (cgroup v1 or v2);
    /// absent where there is no quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota_cores: Option<f64>,
    /// How the system chooses the processors' frequency: `performance`, for instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub governor: Option<String>,
    /// How many tasks were running or waiting to run on average, in the minute before the measurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<f64>,
    /// The share of the ten seconds before the measurement in which some task waited for a processor
    /// (PSI): 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure_share: Option<f64>,
    /// Memory in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Operating system and version of its kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The hypervisor, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtualisation: Option<String>,
    /// The compiler that built the variants: the first line of `rustc --version`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiler: Option<String>,
    /// The commit of the checkout, with `+` behind it if there were changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Environment {
    /// Looks at this machine, and at the checkout in `root`. What cannot be found out stays absent.
    /// Nothing in it names a path, a user or a host.
    pub fn read(root: &Path) -> Self {
        let cpuinfo = text_of("/proc/cpuinfo").unwrap_or_default();
        Self {
            cpu: value_of(&cpuinfo, "model name"),
            cores: std::thread::available_parallelism()
                .ok()
                .and_then(|cores| u32::try_from(cores.get()).ok()),
            processors: counters::processor_count(),
            affinity: counters::affinity(),
            quota_cores: counters::quota_cores(),
            governor: counters::governor(),
            load: counters::load(),
            pressure_share: counters::pressure_share(),
            memory_bytes: text_of("/proc/meminfo").and_then(|text| memory_bytes(&text)),
            system: system(),
            virtualisation: virtualisation(&cpuinfo),
            compiler: line_from(Command::new("rustc").arg("--version").current_dir(root)),
            commit: commit(root),
        }
    }
}

fn text_of(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// The value behind the first `key :` of a file such as `/proc/cpuinfo`.
fn value_of(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

fn memory_bytes(meminfo: &str) -> Option<u64> {
    let total = value_of(meminfo, "MemTotal")?;
    let kibibytes: u64 = total.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Distribution and kernel: `Debian GNU/Linux 12 (bookworm), Linux 6.1.0`.
fn system() -> Option<String> {
    let kernel =
        text_of("/proc/sys/kernel/osrelease").map(|release| format!("Linux {}", release.trim()));
    let distribution = text_of("/etc/os-release").and_then(|text| pretty_name(&text));
    let known: Vec<_> = [distribution, kernel].into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(", "))
}

fn pretty_name(os_release: &str) -> Option<String> {
    let value = os_release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(value.trim_matches(['"', '\'']).to_owned())
}

/// The hypervisor by what the firmware or the kernel says of it, else by the bit that the processor
/// shows to guests. Processors other than x86 have no such bit, and nothing is said then.
fn virtualisation(cpuinfo: &str) -> Option<String> {
    let named = text_of("/sys/hypervisor/type")
        .or_else(|| text_of("/sys/class/dmi/id/sys_vendor").filter(|vendor| is_hypervisor(vendor)));
    if let Some(name) = named {
        return Some(name.trim().to_owned());
    }
    guest_flag(cpuinfo)
}

fn guest_flag(cpuinfo: &str) -> Option<String> {
    let flags = value_of(cpuinfo, "flags")?;
    let guest = flags.split_whitespace().any(|flag| flag == "hypervisor");
    Some(
        if guest {
            "a hypervisor that gives no name"
        } else {
            "none"
        }
        .to_owned(),
    )
}

/// Whether a machine with this vendor is a virtual one. Amazon's and Google's bare metal would be
/// taken for one as well.
fn is_hypervisor(vendor: &str) -> bool {
    const VENDORS: [&str; 9] = [
        "QEMU",
        "KVM",
        "VMware",
        "innotek",
        "Xen",
        "Amazon EC2",
        "Google",
        "Parallels",
        "DigitalOcean",
    ];
    VENDORS.iter().any(|known| vendor.contains(known))
}

fn commit(root: &Path) -> Option<String> {
    let hash = line_from(git(root).args(["rev-parse", "--short=12", "HEAD"]))?;
    // Files that git does not know are left out: results of earlier runs are such files.
    let mut status = git(root);
    status.args(["status", "--porcelain", "--untracked-files=no"]);
    let changed = line_from(&mut status).is_some();
    Some(format!("{hash}{}", if changed { "+" } else { "" }))
}

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("--no-optional-locks").arg("-C").arg(root);
    git
}

/// The first line that a command prints, if there is one and if it succeeds.
fn line_from(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next().filter(|_| output.status.success())?;
    Some(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_files_of_the_kernel() {
        let meminfo = "MemTotal:       24684084 kB\nMemFree:        1 kB\n";
        assert_eq!(memory_bytes(meminfo), Some(24_684_084 * 1024));
        assert_eq!(memory_bytes("MemTotal: lots\n"), None);
        assert_eq!(
            pretty_name("ID=x\nPRETTY_NAME=\"X 12\"\n").as_deref(),
            Some("X 12")
        );
    }

    #[test]
    fn a_guest_is_told_from_the_processor_where_nothing_names_the_hypervisor() {
        assert_eq!(guest_flag("Features : fp asimd\n"), None);
        assert!(is_hypervisor("VMware, Inc.\n") && !is_hypervisor("LENOVO\n"));
        assert_eq!(guest_flag("flags : fpu sse\n").as_deref(), Some("none"));
        assert!(
            guest_flag("flags : fpu hypervisor\n")
                .unwrap()
                .contains("no name")
        );
    }

    #[test]
    fn a_checkout_has_a_commit_and_a_mark_for_changes() {
        let folder = tempfile::tempdir().unwrap();
        let run = |args: &[&str]| line_from(git(folder.path()).args(args));
        assert_eq!(commit(folder.path()), None);
        run(&["init", "--quiet"]);
        assert_eq!(commit(folder.path()), None);
        let name = ["-c", "user.name=n", "-c", "user.email=e@example.org"];
        let file = folder.path().join("file");
        fs::write(&file, "1").unwrap();
        run(&["add", "file"]);
        run(&[&name[..], &["commit", "--quiet", "-m", "first"]].concat());
        let clean = commit(folder.path()).unwrap();
        assert_eq!(clean.len(), 12);
        fs::write(file, "2").unwrap();
        assert_eq!(commit(folder.path()).unwrap(), format!("{clean}+"));
    }

    #[test]
    fn nothing_names_this_host_or_a_path() {
        let seen = format!(
            "{:?}",
            Environment::read(Path::new(env!("CARGO_MANIFEST_DIR")))
        );
        assert!(!seen.contains(env!("CARGO_MANIFEST_DIR")), "{seen}");
        if let Some(host) = text_of("/etc/hostname").filter(|host| host.trim().len() > 3) {
            assert!(!seen.contains(host.trim()), "{seen}");
        }
    }
}
