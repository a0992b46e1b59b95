//! Where the agent of a host is and what can keep it running there: the command that starts an agent that has joined.
//!
//! The agent reports facts when it joins; the command is made here, so that no host decides what its owner is asked to paste.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::SetupWay;

/// The key in the `system_info` of a registration.
const KEY: &str = "agent";
const LONGEST_PATH: usize = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentPlace {
    /// Whether systemd runs the host.
    #[serde(default)]
    pub systemd: bool,
    /// Whether root ran the join.
    #[serde(default)]
    pub as_root: bool,
    /// The absolute path of the program that joined.
    #[serde(default)]
    pub program: Option<String>,
    /// The absolute path of its folder, if the join named one.
    #[serde(default)]
    pub folder: Option<String>,
}

impl AgentPlace {
    /// From the `system_info` of a registration; `None` for agents that do not say it. A path that a shell might read in another
    /// way is left out.
    pub fn of_registration(system_info: &Value) -> Option<Self> {
        let place: Self = serde_json::from_value(system_info.get(KEY)?.clone()).ok()?;
        Some(Self {
            program: place.program.filter(|path| is_plain(path) && path.ends_with("/stacker")),
            folder: place.folder.filter(|path| is_plain(path)),
            ..place
        })
    }

    /// Adds itself to the `system_info` of a registration.
    pub fn write_into(&self, system_info: &mut Value) {
        if let Some(object) = system_info.as_object_mut() {
            object.insert(KEY.to_owned(), json!(self));
        }
    }

    /// The command that starts the agent and, where there is systemd, keeps it running.
    pub fn start_command(&self) -> String {
        let program = self.program.as_deref().unwrap_or("stacker");
        let folder = self.folder.as_ref().map(|folder| format!(" --data-dir {folder}")).unwrap_or_default();
        // Also right for an agent that joined again: the one from before may still run with its old credentials.
        let again = true;
        let way = match (self.systemd, self.as_root) {
            (true, true) => SetupWay::System,
            (true, false) => SetupWay::User,
            (false, _) => SetupWay::Terminal,
        };
        way.command_to_run(program, &folder, again)
    }
}

/// An absolute path that is one word of a shell without quotes.
fn is_plain(path: &str) -> bool {
    path.starts_with('/')
        && path.len() <= LONGEST_PATH
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(agent: Value) -> AgentPlace {
        AgentPlace::of_registration(&json!({"hostname": "shelf", "agent": agent})).unwrap()
    }

    #[test]
    fn a_host_without_systemd_is_started_in_a_terminal_and_in_the_folder_it_joined_in() {
        let place = read(
            json!({"systemd": false, "as_root": true, "program": "/root/stacker", "folder": "/root/stacker-agent"}),
        );
        assert_eq!(place.start_command(), "/root/stacker agent run --data-dir /root/stacker-agent");
        assert_eq!(read(json!({"systemd": false})).start_command(), "stacker agent run");
    }

    #[test]
    fn systemd_keeps_the_agent_of_root_or_of_a_user() {
        let root = read(json!({"systemd": true, "as_root": true, "program": "/usr/local/bin/stacker"}));
        let command = root.start_command();
        assert!(
            command.starts_with("/usr/local/bin/stacker agent install && systemctl daemon-reload"),
            "{command}"
        );
        let user = read(json!({"systemd": true, "as_root": false, "folder": "/home/ada/agent"}));
        let command = user.start_command();
        assert!(
            command
                .starts_with("stacker agent install --user --data-dir /home/ada/agent && systemctl --user")
        );
    }

    #[test]
    fn a_host_cannot_put_words_into_the_command() {
        for path in ["/tmp/$(reboot)/stacker", "/a b/stacker", "stacker", "/bin/sh", "/x;reboot;/stacker"] {
            let place = read(json!({"systemd": false, "program": path}));
            assert_eq!(place.start_command(), "stacker agent run", "{path}");
        }
        let place = read(json!({"systemd": false, "folder": "/tmp/x; reboot"}));
        assert_eq!(place.start_command(), "stacker agent run");
    }

    #[test]
    fn what_an_agent_writes_is_read_and_others_say_nothing() {
        let place = AgentPlace { systemd: true, ..AgentPlace::default() };
        let mut system_info = json!({"hostname": "shelf"});
        place.write_into(&mut system_info);
        assert_eq!(AgentPlace::of_registration(&system_info), Some(place));
        assert_eq!(AgentPlace::of_registration(&json!({"agent": "7.0"})), None);
        assert_eq!(AgentPlace::of_registration(&json!(null)), None);
    }
}
