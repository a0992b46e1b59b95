//! Capabilities: <https://man7.org/linux/man-pages/man7/capabilities.7.html>.

/// Capabilities that every container has by default. <https://docs.docker.com/engine/security/#linux-kernel-capabilities>
const ORDINARY: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Capabilities with which a program can leave its container or stop the host, and what they allow.
const HOST: &[(&str, &str)] = &[
    ("ALL", "do everything that root may do on the host"),
    ("BPF", "run programs inside the kernel of the host"),
    ("DAC_READ_SEARCH", "open files of the host by their number, whatever their permissions"),
    ("MAC_ADMIN", "change the rules of SELinux or AppArmor for the host"),
    ("MAC_OVERRIDE", "ignore the rules of SELinux or AppArmor"),
    ("SYS_ADMIN", "mount file systems and use many other rights of root on the host"),
    ("SYS_BOOT", "restart the host and load another kernel"),
    ("SYS_MODULE", "load modules into the kernel of the host"),
    ("SYS_RAWIO", "read and write the memory and the disks of the host directly"),
];

/// Capabilities that some programs need for their work, and that allow much more than this work.
const WIDE: &[(&str, &str)] = &[
    ("AUDIT_CONTROL", "switch off the audit log of the host"),
    ("NET_ADMIN", "change addresses, routes and firewall rules of its network"),
    ("PERFMON", "observe the kernel and every program of the host"),
    ("SYSLOG", "read the log and the addresses of the kernel"),
    ("SYS_PTRACE", "read and change the memory of every program it sees"),
    ("SYS_RESOURCE", "exceed the limits that are set for it"),
    ("SYS_TIME", "change the clock of the host"),
];

/// The name without `CAP_`, in capitals: engines accept both forms.
pub fn capability_name(written: &str) -> String {
    let name = written.to_ascii_uppercase();
    name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
}

/// Whether every container has the capability anyway. The name is that of [`capability_name`].
pub fn is_ordinary(name: &str) -> bool {
    ORDINARY.contains(&name)
}

/// What the capability allows on the host, if that is as much as leaving the container. The name is that of [`capability_name`].
pub fn host_right(name: &str) -> Option<&'static str> {
    allowed(HOST, name)
}

/// What the capability allows, if that is much more than its usual purpose. The name is that of [`capability_name`].
pub fn wide_right(name: &str) -> Option<&'static str> {
    allowed(WIDE, name)
}

fn allowed(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, allows)| *allows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_name_are_one() {
        assert_eq!(capability_name("cap_sys_admin"), "SYS_ADMIN");
        assert_eq!(capability_name("All"), "ALL");
    }

    #[test]
    fn no_capability_is_in_two_tables() {
        for (name, _) in HOST {
            assert!(!is_ordinary(name) && wide_right(name).is_none(), "{name}");
        }
        assert!(WIDE.iter().all(|(name, _)| !is_ordinary(name)));
    }
}
