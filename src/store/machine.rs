//! The machine's memory, for defaults that suit it.

use std::sync::OnceLock;

/// Assumed if the system does not tell.
const MEMORY_MIB_UNKNOWN: u64 = 4_096;

/// The machine's memory in MiB, or a cautious guess if the system does not tell.
pub(super) fn memory_mib() -> u64 {
    static MEMORY: OnceLock<u64> = OnceLock::new();
    *MEMORY.get_or_init(|| measured().unwrap_or(MEMORY_MIB_UNKNOWN))
}

#[cfg(target_os = "linux")]
fn measured() -> Option<u64> {
    total_of(&std::fs::read_to_string("/proc/meminfo").ok()?)
}

#[cfg(target_os = "macos")]
fn measured() -> Option<u64> {
    let output = std::process::Command::new("/usr/sbin/sysctl").args(["-n", "hw.memsize"]).output().ok()?;
    let bytes: u64 = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
    Some(bytes >> 20)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn measured() -> Option<u64> {
    None
}

/// The total of `/proc/meminfo`, which counts in KiB.
#[cfg(any(target_os = "linux", test))]
fn total_of(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_meminfo_is_read() {
        assert_eq!(total_of("MemTotal:        8029332 kB\nMemFree: 1 kB\n"), Some(7_841));
        assert_eq!(total_of("MemFree: 1 kB\nMemTotal: many kB\n"), None);
        assert!(memory_mib() > 0);
    }
}
