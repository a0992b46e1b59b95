//! Named volumes that are folders of the host.
//! <https://docs.docker.com/reference/cli/docker/volume/create/#driver-specific-options>

/// The flags in the option `o` of a volume.
pub fn mount_flags(options: &str) -> Vec<&str> {
    options.split(',').map(str::trim).filter(|flag| !flag.is_empty()).collect()
}

/// Whether the `device` of a volume is a folder of the host, from its `type` and the flags of `o`.
pub fn mounts_folder(kind: &str, flags: &[&str]) -> bool {
    matches!(kind, "none" | "bind" | "") && flags.iter().any(|flag| matches!(*flag, "bind" | "rbind"))
}
