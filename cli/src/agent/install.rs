//! `stacker agent install`: writes a systemd unit.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{self, PathBuf},
    process::Stdio,
};

use anyhow::Context;

use super::{credentials::Credentials, folder::Folder};

pub struct Install {
    pub user: bool,
    pub print: bool,
    pub policy: Option<PathBuf>,
}

/// Writes the unit and returns the text to print.
pub fn run(install: &Install, folder: &Folder) -> anyhow::Result<String> {
    let program = env::current_exe().context("cannot find out where this program is")?;
    let program = program.to_str().context("the path of this program has to be UTF-8")?;
    let root = folder.root().to_str().context("the path of the folder has to be UTF-8")?;
    let policy = install.policy.as_deref().map(path::absolute).transpose()?;
    let policy =
        policy.as_deref().map(|path| path.to_str().context("the path of the policy has to be UTF-8"));
    let unit = unit(program, root, policy.transpose()?, &proxies(), install.user);
    if install.print {
        return Ok(unit);
    }
    Credentials::load(folder)?;
    let path = unit_path(install.user).context("set HOME: there is no place for the unit")?;
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    let cannot = || format!("cannot write {} (run it as root, or with --user)", path.display());
    fs::write(&path, "").with_context(cannot)?;
    // The unit may contain the address of a proxy, which may contain a password.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).with_context(cannot)?;
    fs::write(&path, unit).with_context(cannot)?;
    let (flag, sudo) = if install.user { (" --user", "") } else { ("", "sudo ") };
    let linger = if install.user {
        "\n  loginctl enable-linger    # so that it runs while nobody is signed in"
    } else {
        ""
    };
    Ok(format!(
        "Wrote {}. Start it, now and with the system:\n  {sudo}systemctl{flag} daemon-reload\n  {sudo}systemctl{flag} enable --now stacker-agent{linger}\nWhat it does: journalctl{flag} -u stacker-agent -f",
        path.display()
    ))
}

/// Where the unit is or would be; `None` for a user without a home.
fn unit_path(user: bool) -> Option<PathBuf> {
    if !user {
        return Some(PathBuf::from("/etc/systemd/system/stacker-agent.service"));
    }
    let config = env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(config.join("systemd/user/stacker-agent.service"))
}

/// A unit that [`run`] wrote.
pub struct Unit {
    path: PathBuf,
    user: bool,
}

impl Unit {
    /// The units that run the agent of this folder, and not that of another one.
    pub fn of_folder(folder: &Folder) -> Vec<Self> {
        let data_dir = folder.root().to_str().map(|root| format!(" --data-dir {}", quoted(root)));
        let runs_it = |path: &PathBuf| {
            let text = fs::read_to_string(path).unwrap_or_default();
            data_dir.as_deref().is_some_and(|data_dir| text.contains(data_dir))
        };
        let units = [false, true].into_iter().filter_map(|user| Some((unit_path(user)?, user)));
        units.filter(|(path, _)| runs_it(path)).map(|(path, user)| Self { path, user }).collect()
    }

    /// Stops the agent and removes the unit. Returns what happened, for people.
    pub async fn remove(self) -> String {
        let Self { path, user } = self;
        let stopped = systemctl(user, &["disable", "--now", "stacker-agent"]).await;
        if let Err(error) = fs::remove_file(&path) {
            return format!("Cannot remove {}: {error}. Remove it as root.", path.display());
        }
        let reloaded = systemctl(user, &["daemon-reload"]).await;
        if stopped && reloaded {
            format!("Stopped the agent and removed {}.", path.display())
        } else {
            format!(
                "Removed {}, but systemd did not answer: stop the agent if it still runs.",
                path.display()
            )
        }
    }
}

async fn systemctl(user: bool, arguments: &[&str]) -> bool {
    let mut command = tokio::process::Command::new("systemctl");
    if user {
        command.arg("--user");
    }
    let ran = command.args(arguments).stdin(Stdio::null()).output().await;
    ran.is_ok_and(|output| output.status.success())
}

/// The proxies set in the environment, because a unit does not inherit them.
fn proxies() -> Vec<(&'static str, String)> {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]
        .into_iter()
        .filter_map(|name| Some((name, set(name).or_else(|| set(&name.to_ascii_lowercase()))?)))
        .collect()
}

/// One word of a unit's directive.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$"))
}

/// The agent needs the engine's socket, its own folder and the network; the unit denies everything else. Access to the socket of
/// an engine that runs as root is equivalent to root, so this protects against mistakes more than against attackers.
fn unit(
    program: &str,
    folder: &str,
    policy: Option<&str>,
    environment: &[(&str, String)],
    user: bool,
) -> String {
    let (program, folder) = (quoted(program), quoted(folder));
    let policy = policy.map(|path| format!(" --policy {}", quoted(path))).unwrap_or_default();
    // `$` has no meaning in this directive.
    let environment: String = environment
        .iter()
        .map(|(name, value)| {
            format!("Environment={}\n", quoted(&format!("{name}={value}")).replace("$$", "$"))
        })
        .collect();
    let hardening = if user {
        // The systemd of a user lacks the rights for most of these directives.
        "NoNewPrivileges=yes\n".to_owned()
    } else {
        format!(
            "NoNewPrivileges=yes\nProtectSystem=strict\nProtectHome=read-only\nReadWritePaths={folder}\nPrivateTmp=yes\nProtectKernelModules=yes\nProtectKernelLogs=yes\nProtectKernelTunables=yes\nProtectControlGroups=yes\nProtectClock=yes\nProtectHostname=yes\nLockPersonality=yes\nRestrictRealtime=yes\nRestrictSUIDSGID=yes\nRestrictNamespaces=yes\nMemoryDenyWriteExecute=yes\nSystemCallArchitectures=native\nSystemCallFilter=@system-service\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\nCapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_KILL\nUMask=0077\n"
        )
    };
    let (after, wanted) = if user {
        ("default.target", "default.target")
    } else {
        (
            "network-online.target docker.service podman.socket\nWants=network-online.target",
            "multi-user.target",
        )
    };
    format!(
        "[Unit]\nDescription=Stacker agent: deploys and watches stacks on this host\nAfter={after}\n\n[Service]\nExecStart={program} agent run --data-dir {folder}{policy}\n{environment}Restart=always\nRestartSec=5\nTimeoutStopSec=30\nKillMode=mixed\n{hardening}\n[Install]\nWantedBy={wanted}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_runs_this_program_in_its_folder_and_may_write_nowhere_else() {
        let unit = unit("/usr/local/bin/stacker", "/var/lib/stacker agent", None, &[], false);
        assert!(unit.contains(
            "ExecStart=\"/usr/local/bin/stacker\" agent run --data-dir \"/var/lib/stacker agent\"\n"
        ));
        assert!(
            unit.contains("ProtectSystem=strict\n")
                && unit.contains("ReadWritePaths=\"/var/lib/stacker agent\"\n")
        );
        let user = super::unit("/home/a/stacker", "/home/a/x", None, &[], true);
        assert!(!user.contains("ProtectSystem") && user.contains("WantedBy=default.target"));
    }

    #[test]
    fn what_was_set_when_it_was_installed_holds_later_too() {
        let proxy = ("HTTPS_PROXY", "http://a:50%25$@proxy:3128".to_owned());
        let unit = unit("/b/stacker", "/d", Some("/etc/my policy.yaml"), &[proxy], false);
        assert!(unit.contains(" --data-dir \"/d\" --policy \"/etc/my policy.yaml\"\n"), "{unit}");
        assert!(unit.contains("Environment=\"HTTPS_PROXY=http://a:50%%25$@proxy:3128\"\n"), "{unit}");
    }
}
