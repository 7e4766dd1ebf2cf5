//! What the system counts for the whole machine, and what it allows this program, as Linux shows it in
//! `/proc` and `/sys`. Elsewhere there are no such files, and so no answers.

use std::fs;
use std::path::{Path, PathBuf};

/// Time of all processors together since the system began, in ticks of its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Processors {
    /// Used by programs and the system.
    pub(crate) busy: u64,
    /// Given to other machines by the hypervisor.
    pub(crate) stolen: u64,
    /// All of it.
    pub(crate) total: u64,
}

/// From `/proc/stat`.
pub(crate) fn processors() -> Option<Processors> {
    processors_in(&text("/proc/stat")?)
}

fn processors_in(stat: &str) -> Option<Processors> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line
        .split_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    // user nice system idle iowait irq softirq steal; guests are in user already.
    let [user, nice, system, idle, iowait, irq, softirq, stolen] = *ticks.first_chunk()?;
    let busy = user + nice + system + irq + softirq;
    Some(Processors {
        busy,
        stolen,
        total: busy + idle + iowait + stolen,
    })
}

/// For how long some task waited for a processor since the system began, in microseconds.
pub(crate) fn pressure_us() -> Option<u64> {
    pressure_field("total")?.parse().ok()
}

/// The share of the last ten seconds in which some task waited for a processor: 0 to 1.
pub(crate) fn pressure_share() -> Option<f64> {
    let percent: f64 = pressure_field("avg10")?.parse().ok()?;
    Some(percent / 100.0)
}

fn pressure_field(name: &str) -> Option<String> {
    field_in(&text("/proc/pressure/cpu")?, name)
}

fn field_in(pressure: &str, name: &str) -> Option<String> {
    let some = pressure.lines().find(|line| line.starts_with("some "))?;
    let mut fields = some
        .split_whitespace()
        .filter_map(|field| field.split_once('='));
    fields
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// How many tasks ran or wanted to on average, over the last minute.
pub(crate) fn load() -> Option<f64> {
    text("/proc/loadavg")?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// How the frequency of the first processor is chosen.
pub(crate) fn governor() -> Option<String> {
    let governor = text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")?;
    Some(governor.trim().to_owned())
}

/// The processors that this program may run on: `0-3,8`.
pub(crate) fn affinity() -> Option<String> {
    let status = text("/proc/self/status")?;
    let list = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    Some(list.trim().to_owned())
}

/// How many processors there are.
pub(crate) fn processor_count() -> Option<u32> {
    let online = text("/sys/devices/system/cpu/online")?;
    count_of(online.trim())
}

fn count_of(list: &str) -> Option<u32> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        Some(last.checked_sub(first)? + 1)
    };
    list.split(',').map(range).sum()
}

/// How many processors' time the control group of this program, or a group above it, allows.
pub(crate) fn quota_cores() -> Option<f64> {
    quota_in(&control_groups(
        Path::new("/sys/fs/cgroup"),
        &text("/proc/self/cgroup")?,
    ))
}

fn quota_in(folders: &[PathBuf]) -> Option<f64> {
    let quotas = folders
        .iter()
        .filter_map(|folder| quota_of_2(folder).or_else(|| quota_of_1(folder)));
    quotas.min_by(f64::total_cmp)
}

fn quota_of_2(folder: &Path) -> Option<f64> {
    let max = fs::read_to_string(folder.join("cpu.max")).ok()?;
    let (quota, period) = max.trim().split_once(' ')?;
    Some(quota.parse::<f64>().ok()? / period.parse::<f64>().ok()?)
}

fn quota_of_1(folder: &Path) -> Option<f64> {
    let figure = |name: &str| -> Option<f64> {
        fs::read_to_string(folder.join(name))
            .ok()?
            .trim()
            .parse()
            .ok()
    };
    // -1 where there is none.
    let quota = figure("cpu.cfs_quota_us").filter(|quota| *quota > 0.0)?;
    Some(quota / figure("cpu.cfs_period_us")?)
}

/// For how long the control group of this program was held back by its quota so far, in microseconds
/// and added up over its processors.
pub(crate) fn throttled_us() -> Option<u64> {
    let folders = control_groups(Path::new("/sys/fs/cgroup"), &text("/proc/self/cgroup")?);
    folders
        .iter()
        .find_map(|folder| throttled_in(&fs::read_to_string(folder.join("cpu.stat")).ok()?))
}

fn throttled_in(stat: &str) -> Option<u64> {
    let value = |name: &str| -> Option<u64> {
        let mut lines = stat.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(key, _)| *key == name)?.1.trim().parse().ok()
    };
    // Microseconds in version 2, nanoseconds in version 1.
    value("throttled_usec").or_else(|| value("throttled_time").map(|ns| ns / 1000))
}

/// The folders of the group that governs processor time and of all above it, the nearest first. In a
/// container the path may be that of the host, so that only the root is there.
fn control_groups(mount: &Path, own: &str) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for line in own.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else {
            continue;
        };
        let root = match controllers {
            "" => mount.to_owned(),
            all if all.split(',').any(|one| one == "cpu") => mount.join(all),
            _ => continue,
        };
        let group = Path::new(path.trim_start_matches('/'));
        folders.extend(group.ancestors().map(|group| root.join(group)));
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

fn text(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_told_apart() {
        let stat = "cpu  10 1 5 100 20 2 3 7 4 0\ncpu0 1 1 1 1\n";
        let expected = Processors {
            busy: 21,
            stolen: 7,
            total: 148,
        };
        assert_eq!(processors_in(stat), Some(expected));
        assert_eq!(processors_in("cpu  1 2\n"), None);
    }

    #[test]
    fn pressure_is_that_of_some_task() {
        let pressure = "some avg10=1.50 avg60=0.00 avg300=0.00 total=1234\n\
                        full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n";
        assert_eq!(field_in(pressure, "total").as_deref(), Some("1234"));
        assert_eq!(field_in(pressure, "avg10").as_deref(), Some("1.50"));
    }

    #[test]
    fn processors_are_counted_in_lists() {
        assert_eq!(count_of("0-3,8,10-11"), Some(7));
        assert_eq!(count_of("0"), Some(1));
        assert_eq!(count_of("x"), None);
    }

    #[test]
    fn the_smallest_quota_above_a_group_counts_in_both_versions() {
        let mount = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = mount.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("a/b/cpu.max", "max 100000\n");
        write("a/cpu.max", "150000 100000\n");
        write("cpu,cpuacct/g/cpu.cfs_quota_us", "-1\n");
        write("cpu,cpuacct/g/cpu.cfs_period_us", "100000\n");
        write("cpu,cpuacct/h/cpu.cfs_quota_us", "50000\n");
        write("cpu,cpuacct/h/cpu.cfs_period_us", "100000\n");
        let quota = |own: &str| quota_in(&control_groups(mount.path(), own));
        assert_eq!(quota("0::/a/b\n"), Some(1.5));
        assert_eq!(quota("0::/of/the/host\n"), None);
        assert_eq!(quota("4:cpu,cpuacct:/g\n3:memory:/h\n"), None);
        assert_eq!(quota("4:cpu,cpuacct:/h\n"), Some(0.5));
    }

    #[test]
    fn throttling_is_in_microseconds_in_both_versions() {
        assert_eq!(
            throttled_in("nr_throttled 2\nthrottled_usec 70\n"),
            Some(70)
        );
        assert_eq!(throttled_in("throttled_time 70000\n"), Some(70));
        assert_eq!(throttled_in("usage_usec 70000\n"), None);
    }
}
