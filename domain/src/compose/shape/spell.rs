//! Words of the engine, and the slips people make with them.

use super::{Wrong, measures::is_duration};
use crate::compose::nearest::nearest;

/// The values that Compose reads as true or false.
pub fn boolean(text: &str) -> Result<(), Wrong> {
    let known = ["true", "y", "yes", "on", "false", "n", "no", "off"];
    if known.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Ok(());
    }
    let meant = match text {
        "1" | "t" | "T" => Some("true"),
        "0" | "f" | "F" => Some("false"),
        _ => nearest(text, ["true", "false"].into_iter()),
    };
    Err(Wrong { meant: meant.map(str::to_owned), runtime: None })
}

pub fn restart(text: &str) -> Result<(), Wrong> {
    const KNOWN: [&str; 4] = ["no", "always", "unless-stopped", "on-failure"];
    let (policy, count) = text.split_once(':').map_or((text, None), |(policy, count)| (policy, Some(count)));
    let counted = count.is_none_or(|count| policy == "on-failure" && count.parse::<u32>().is_ok());
    // An empty policy means `no`.
    if (KNOWN.contains(&policy) || text.is_empty()) && counted {
        return Ok(());
    }
    let plain = policy.to_ascii_lowercase().replace(['_', ' '], "-");
    let meant = match plain.as_str() {
        "never" | "none" | "false" => Some("no"),
        "yes" | "true" | "any" => Some("always"),
        "unless-stop" | "unlessstopped" => Some("unless-stopped"),
        plain => nearest(plain, KNOWN.into_iter()),
    };
    Err(Wrong { meant: meant.map(str::to_owned), runtime: None })
}

pub fn pull_policy(text: &str) -> Result<(), Wrong> {
    const KNOWN: [&str; 8] =
        ["always", "missing", "never", "build", "daily", "weekly", "if_not_present", "refresh"];
    let every = text.strip_prefix("every_").is_some_and(is_duration);
    if KNOWN.contains(&text) || every {
        return Ok(());
    }
    let plain = text.to_ascii_lowercase().replace(['-', ' '], "_");
    let meant =
        if plain == "ifnotpresent" { Some("if_not_present") } else { nearest(&plain, KNOWN.into_iter()) };
    Err(Wrong { meant: meant.map(str::to_owned), runtime: None })
}

/// Any other word can be the name of a network that exists on the host, so only slips are recognised.
pub fn network_mode(text: &str) -> Result<(), Wrong> {
    const KNOWN: [&str; 4] = ["host", "bridge", "none", "default"];
    if KNOWN.contains(&text) || refers(text) {
        return Ok(());
    }
    match prefix_slip(text).or_else(|| nearest(text, KNOWN.into_iter()).map(str::to_owned)) {
        Some(meant) => Err(Wrong { meant: Some(meant), runtime: None }),
        None => Ok(()),
    }
}

pub fn pid(text: &str) -> Result<(), Wrong> {
    one_of(text, &["host", "private"])
}

pub fn ipc(text: &str) -> Result<(), Wrong> {
    one_of(text, &["host", "private", "shareable", "none"])
}

/// Docker knows `host` only, Podman several modes with parameters.
pub fn userns(text: &str) -> Result<(), Wrong> {
    let mode = text.split_once(':').map_or(text, |(mode, _)| mode);
    words(mode, &["", "host", "auto", "keep-id", "nomap", "private", "ns", "container"])
}

/// `system[/processor[/variant]]`, or a processor alone.
pub fn platform(text: &str) -> Result<(), Wrong> {
    const SYSTEMS: [&str; 4] = ["linux", "windows", "darwin", "freebsd"];
    const PROCESSORS: [&str; 15] = [
        "amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "mips64le", "loong64", "x86_64",
        "aarch64", "i386", "armhf", "armel", "mips64",
    ];
    let mut parts = text.split('/');
    let first = parts.next().unwrap_or_default();
    let wrong = |meant: Option<String>| Err(Wrong { meant, runtime: None });
    match parts.next() {
        None if SYSTEMS.contains(&first) || PROCESSORS.contains(&first) => Ok(()),
        None => wrong(nearest(first, SYSTEMS.into_iter().chain(PROCESSORS)).map(str::to_owned)),
        Some(processor) if !SYSTEMS.contains(&first) => wrong(
            nearest(first, SYSTEMS.into_iter())
                .filter(|_| PROCESSORS.contains(&processor))
                .map(|system| format!("{system}/{processor}")),
        ),
        Some(processor) if PROCESSORS.contains(&processor) => Ok(()),
        Some(processor) => {
            wrong(nearest(processor, PROCESSORS.into_iter()).map(|processor| format!("{first}/{processor}")))
        }
    }
}

pub fn signal(text: &str) -> Result<(), Wrong> {
    const NAMES: [&str; 36] = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
        "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
        "TTIN", "TTOU", "UNUSED", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN",
    ];
    let plain = text.to_ascii_uppercase();
    let name = plain.strip_prefix("SIG").unwrap_or(&plain);
    let real_time = name
        .strip_prefix("RTMIN+")
        .or(name.strip_prefix("RTMAX-"))
        .is_some_and(|offset| offset.parse::<u8>().is_ok());
    let number = text.parse::<u8>().is_ok_and(|number| (1..=64).contains(&number));
    if NAMES.contains(&name) || name == "RTMAX" || real_time || number {
        return Ok(());
    }
    Err(Wrong { meant: nearest(name, NAMES.into_iter()).map(|name| format!("SIG{name}")), runtime: None })
}

pub fn capability(text: &str) -> Result<(), Wrong> {
    const NAMES: [&str; 42] = [
        "ALL",
        "AUDIT_CONTROL",
        "AUDIT_READ",
        "AUDIT_WRITE",
        "BLOCK_SUSPEND",
        "BPF",
        "CHECKPOINT_RESTORE",
        "CHOWN",
        "DAC_OVERRIDE",
        "DAC_READ_SEARCH",
        "FOWNER",
        "FSETID",
        "IPC_LOCK",
        "IPC_OWNER",
        "KILL",
        "LEASE",
        "LINUX_IMMUTABLE",
        "MAC_ADMIN",
        "MAC_OVERRIDE",
        "MKNOD",
        "NET_ADMIN",
        "NET_BIND_SERVICE",
        "NET_BROADCAST",
        "NET_RAW",
        "PERFMON",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYSLOG",
        "SYS_ADMIN",
        "SYS_BOOT",
        "SYS_CHROOT",
        "SYS_MODULE",
        "SYS_NICE",
        "SYS_PACCT",
        "SYS_PTRACE",
        "SYS_RAWIO",
        "SYS_RESOURCE",
        "SYS_TIME",
        "SYS_TTY_CONFIG",
        "WAKE_ALARM",
    ];
    let plain = text.to_ascii_uppercase();
    let name = plain.strip_prefix("CAP_").unwrap_or(&plain);
    if NAMES.contains(&name) {
        return Ok(());
    }
    Err(Wrong { meant: nearest(name, NAMES.into_iter()).map(str::to_owned), runtime: None })
}

/// Compose looks for two valid characters anywhere; the engine wants the whole name to be valid.
pub fn container_name(text: &str) -> Result<(), Wrong> {
    let first = |c: char| c.is_ascii_alphanumeric();
    let rest = |c: char| first(c) || matches!(c, '_' | '.' | '-');
    if text.len() > 1 && text.starts_with(first) && text.chars().all(rest) {
        return Ok(());
    }
    let letters: Vec<char> = text.chars().collect();
    let accepted = letters.windows(2).any(|pair| first(pair[0]) && rest(pair[1]));
    let meant: String = text.chars().map(|c| if rest(c) { c } else { '-' }).collect();
    let meant = meant.trim_start_matches(['_', '.', '-']).to_owned();
    Err(Wrong {
        meant: (meant.len() > 1).then_some(meant),
        runtime: accepted.then_some("the engine refuses a container of this name"),
    })
}

/// Compose leaves out what cannot be part of a name, and something must remain.
pub fn project_name(text: &str) -> Result<(), Wrong> {
    let holds = text.is_empty() || text.chars().any(|c| c.is_ascii_alphanumeric());
    if holds { Ok(()) } else { Err(Wrong::default()) }
}

/// Compose objects when it reads the file, which need not exist.
pub fn env_format(text: &str) -> Result<(), Wrong> {
    if text.is_empty() { Ok(()) } else { words(text, &["raw"]) }
}

pub fn protocol(text: &str) -> Result<(), Wrong> {
    words(&text.to_ascii_lowercase(), &["tcp", "udp", "sctp"])
}

pub fn permissions(text: &str) -> Result<(), Wrong> {
    let valid = !text.is_empty() && text.chars().all(|c| matches!(c, 'r' | 'w' | 'm'));
    if valid { Ok(()) } else { Err(Wrong { meant: Some("rwm".to_owned()), runtime: None }) }
}

/// One of the words, or `service:NAME` or `container:NAME`.
fn one_of(text: &str, known: &[&str]) -> Result<(), Wrong> {
    if refers(text) || text.is_empty() {
        return Ok(());
    }
    words(text, known).map_err(|wrong| Wrong { meant: wrong.meant.or_else(|| prefix_slip(text)), ..wrong })
}

/// One of the words.
pub fn words(text: &str, known: &[&str]) -> Result<(), Wrong> {
    if known.contains(&text) {
        return Ok(());
    }
    Err(Wrong { meant: nearest(text, known.iter().copied()).map(str::to_owned), runtime: None })
}

/// Not one of the words, but so close that it is a slip.
pub fn resembles(text: &str, known: &[&str]) -> Result<(), Wrong> {
    match words(text, known) {
        Err(wrong) if wrong.meant.is_some() => Err(wrong),
        _ => Ok(()),
    }
}

fn refers(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(kind, name)| matches!(kind, "service" | "container") && !name.is_empty())
}

/// `services:web` means `service:web`.
fn prefix_slip(text: &str) -> Option<String> {
    let (kind, name) = text.split_once(':')?;
    let meant = nearest(kind, ["service", "container"].into_iter())?;
    (!name.is_empty()).then(|| format!("{meant}:{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(outcome: Result<(), Wrong>) -> Option<String> {
        outcome.err().and_then(|wrong| wrong.meant)
    }

    #[test]
    fn a_slip_leads_to_the_word_that_was_meant() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(meant(restart("allways")), some("always"));
        assert_eq!(meant(restart("unless_stopped")), some("unless-stopped"));
        assert_eq!(meant(restart("on-failure:x")), some("on-failure"));
        assert_eq!(meant(pull_policy("IfNotPresent")), some("if_not_present"));
        assert_eq!(meant(network_mode("hots")), some("host"));
        assert_eq!(meant(network_mode("services:vpn")), some("service:vpn"));
        assert_eq!(meant(platform("linux/amd46")), some("linux/amd64"));
        assert_eq!(meant(platform("lunix/arm64")), some("linux/arm64"));
        assert_eq!(meant(signal("SIGTREM")), some("SIGTERM"));
        assert_eq!(meant(capability("NET_ADMN")), some("NET_ADMIN"));
        assert_eq!(meant(container_name("my app")), some("my-app"));
        assert_eq!(meant(boolean("ture")), some("true"));
    }

    #[test]
    fn what_the_engine_knows_is_right() {
        let all_right = [
            restart("on-failure:3"),
            restart(""),
            pull_policy("every_12h"),
            network_mode("shared-proxy"),
            network_mode("service:vpn"),
            pid("host"),
            ipc("shareable"),
            userns("keep-id:uid=1000"),
            platform("linux/arm/v7"),
            platform("arm64"),
            signal("SIGRTMIN+3"),
            signal("9"),
            capability("cap_net_admin"),
            container_name("web-1"),
            boolean("YES"),
        ];
        assert!(all_right.iter().all(Result::is_ok));
    }
}
