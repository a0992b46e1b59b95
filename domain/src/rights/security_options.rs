//! The entries of `security_opt`.

/// Whether the entry only takes rights away from the container.
pub fn takes_away(option: &str) -> bool {
    matches!(option.replace('=', ":").as_str(), "no-new-privileges" | "no-new-privileges:true")
}

/// The protection that the entry switches off, if it does.
pub fn switched_off(option: &str) -> Option<&'static str> {
    match option.replace('=', ":").to_ascii_lowercase().as_str() {
        "seccomp:unconfined" => Some("the filter of system calls (seccomp)"),
        "apparmor:unconfined" => Some("AppArmor"),
        "label:disable" => Some("SELinux"),
        "systempaths:unconfined" | "unmask:all" => Some("the protection of `/proc` and `/sys`"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_separators_mean_the_same() {
        assert_eq!(switched_off("seccomp=unconfined"), switched_off("seccomp:unconfined"));
        assert!(takes_away("no-new-privileges=true"));
        assert!(!takes_away("no-new-privileges:false"));
        assert_eq!(switched_off("seccomp:./profile.json"), None);
    }
}
