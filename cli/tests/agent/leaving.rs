//! `stacker agent leave`: undoes `join` and `install`.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tokio::process::Command;

use crate::stand_in::Server;

/// A host with a unit of its user, and a `systemctl` that notes how it was called.
struct Host {
    server: Server,
    config: PathBuf,
    programs: PathBuf,
}

impl Host {
    async fn joined() -> Self {
        let server = Server::start().await;
        server.join();
        let (config, programs) = (server.folder.path().join("config"), server.folder.path().join("bin"));
        fs::create_dir_all(&programs).unwrap();
        let systemctl = programs.join("systemctl");
        let calls = server.folder.path().join("calls");
        fs::write(&systemctl, format!("#!/bin/sh\necho \"$@\" >> '{}'\n", calls.display())).unwrap();
        fs::set_permissions(&systemctl, fs::Permissions::from_mode(0o755)).unwrap();
        Self { server, config, programs }
    }

    fn with_its_world(&self, mut command: Command) -> Command {
        command.env("XDG_CONFIG_HOME", &self.config).env("PATH", &self.programs);
        command
    }

    async fn run(&self, arguments: &[&str]) -> (String, String, bool) {
        let output = self.with_its_world(self.server.command(arguments, None)).output().await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr), output.status.success())
    }

    fn unit(&self) -> PathBuf {
        self.config.join("systemd/user/stacker-agent.service")
    }

    fn systemctl(&self) -> String {
        fs::read_to_string(self.server.folder.path().join("calls")).unwrap_or_default()
    }

    fn credentials(&self) -> PathBuf {
        self.server.data().join("credentials.json")
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

#[tokio::test]
async fn leave_undoes_join_and_install_and_tells_the_server() {
    let host = Host::joined().await;
    assert!(host.run(&["install", "--user"]).await.2);
    assert!(exists(&host.unit()));
    let (said, complained, left) = host.run(&["leave"]).await;
    assert!(left, "{complained}");
    assert_eq!(host.server.heard(|heard| heard.left[0]["force"].clone()), false);
    assert!(!exists(&host.unit()) && !exists(&host.credentials()) && !exists(&host.server.data()));
    assert_eq!(host.systemctl(), "--user disable --now stacker-agent\n--user daemon-reload\n");
    assert!(
        said.contains("no longer belongs to http://") && said.contains("stacker-agent.service"),
        "{said}"
    );
    // Nothing is left to leave, and looking leaves nothing either.
    let (_, complained, again) = host.run(&["leave"]).await;
    assert!(!again && complained.contains("has not joined"), "{complained}");
    assert!(!exists(&host.server.data()));
}

#[tokio::test]
async fn while_deployments_are_live_nothing_changes_unless_by_force() {
    let host = Host::joined().await;
    host.server.change(|heard| heard.has_deployments = true);
    let (_, complained, left) = host.run(&["leave"]).await;
    assert!(
        !left && complained.contains("live deployments") && complained.contains("--force"),
        "{complained}"
    );
    assert!(exists(&host.credentials()));
    // Files of stacks stay, whatever happens.
    let data = host.server.data().join("stacks/shop-1/project/data");
    fs::create_dir_all(&data).unwrap();
    assert!(host.run(&["leave", "--force"]).await.2);
    assert!(!exists(&host.credentials()) && exists(&host.server.data()));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_left_by_force_only() {
    let host = Host::joined().await;
    host.server.change(|heard| heard.is_gone = true);
    let (_, complained, left) = host.run(&["leave"]).await;
    assert!(!left && complained.contains("Nothing was changed"), "{complained}");
    assert!(exists(&host.credentials()));
    let (said, _, left) = host.run(&["leave", "--force"]).await;
    assert!(left && said.contains("revoke the host"), "{said}");
    assert!(!exists(&host.credentials()));
}

#[tokio::test]
async fn the_unit_of_another_folder_stays() {
    let host = Host::joined().await;
    fs::create_dir_all(host.unit().parent().unwrap()).unwrap();
    fs::write(host.unit(), "ExecStart=\"/usr/bin/stacker\" agent run --data-dir \"/elsewhere\"\n").unwrap();
    assert!(host.run(&["leave"]).await.2);
    assert!(exists(&host.unit()) && host.systemctl().is_empty());
}
