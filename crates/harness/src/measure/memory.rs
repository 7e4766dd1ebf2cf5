//! The memory of a process and all its descendants at one moment, for programs that look at themselves.

use std::fs;

use crate::sys::processes;

/// What a tree of processes has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeMemory {
    /// How many processes were seen.
    pub processes: u32,
    /// Bytes in use, those that several processes share divided among them: the sum of all PSS.
    pub pss_bytes: u64,
    /// Bytes of page tables, which belong to the system and are in no PSS; absent where it does not tell.
    pub page_tables_bytes: Option<u64>,
}

/// That of the process `root`, of all its descendants and of what else is in its process group. `None` where the
/// system does not tell, as everywhere but on Linux.
pub fn of_tree(root: u32) -> Option<TreeMemory> {
    let tree = processes::tree(root);
    // One that ends meanwhile is not seen.
    let seen: Vec<_> = tree
        .iter()
        .filter_map(|one| Some((one.pid, processes::memory(*one)?)))
        .collect();
    (!seen.is_empty()).then(|| TreeMemory {
        processes: seen.len() as u32,
        pss_bytes: seen.iter().map(|(_, memory)| memory.pss).sum(),
        page_tables_bytes: seen.iter().map(|(pid, _)| page_tables(*pid)).sum(),
    })
}

fn page_tables(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    kibibytes(&status, "VmPTE:")
}

/// What the system holds for all threads of the machine as their stacks within it, in bytes. `None` where it does not
/// tell.
pub fn kernel_stacks() -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "KernelStack:")
}

/// What may still be taken without pushing anything out, in bytes. `None` where the system does not tell.
pub fn available() -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")
}

/// The figure behind `key`, in bytes.
fn kibibytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_in_kibibytes() {
        let text = "MemTotal:  100 kB\nKernelStack:        1652 kB\n";
        assert_eq!(kibibytes(text, "KernelStack:"), Some(1652 * 1024));
        assert_eq!(kibibytes(text, "PageTables:"), None);
        assert_eq!(kibibytes("A: x kB\n", "A:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_and_what_is_touched_are_seen() {
        const MEMORY: usize = 64 << 20;
        let own = std::process::id();
        let before = of_tree(own).unwrap();
        let touched = std::hint::black_box(vec![1_u8; MEMORY]);
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let during = of_tree(own).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(during.processes > before.processes);
        // Other tests run beside it, and give back as well as take.
        assert!(
            during.pss_bytes > before.pss_bytes + MEMORY as u64 / 2,
            "{before:?} {during:?}"
        );
        assert!(during.page_tables_bytes > Some(MEMORY as u64 / 4096 * 8 / 2));
        drop(touched);
    }
}
