//! The commands that make a machine a host: get the program, join, keep running. The page shows them one by one, and together
//! in one line.
//!
//! Everything that comes from elsewhere (address, code) is quoted for a POSIX shell here. The address of the download holds the
//! host's id, which gives no right, and neither a code nor a token.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the commands are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostSetup {
    /// Scheme, host and port of this server as the host reaches it, without a slash at the end.
    pub address: String,
    /// Whether only the server's own machine reaches that address.
    pub is_loopback: bool,
    /// Whether others on the network cannot read what is sent there.
    pub is_https: bool,
    /// An agent has joined before: it is replaced.
    pub again: bool,
    /// What `/download/stacker` serves; the platform of the server first.
    pub programs: Vec<HostProgram>,
}

/// The program `stacker` for one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostProgram {
    /// `linux-x86_64`: operating system and `uname -m`.
    pub platform: String,
    /// Of the file, in hexadecimal digits.
    pub sha256: String,
    /// The size of the file.
    pub bytes: u64,
    /// It needs nothing of the host. Otherwise it runs where the libraries of the server's distribution are, or newer ones.
    pub is_static: bool,
}

/// How the agent runs on the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SetupWay {
    /// As root, kept by systemd.
    #[default]
    System,
    /// As a user with a rootless engine, kept by the systemd of that user.
    User,
    /// In a terminal, in the folder it is started in: for hosts without systemd.
    Terminal,
}

impl SetupWay {
    pub const ALL: [Self; 3] = [Self::System, Self::User, Self::Terminal];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Terminal => "terminal",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }

    /// Where the program is put, and how it is called from then on, as words of a shell.
    fn program(self) -> (&'static str, &'static str) {
        match self {
            Self::System => ("/usr/local/bin/stacker", "/usr/local/bin/stacker"),
            Self::User => ("\"$HOME/.local/bin/stacker\"", "\"$HOME/.local/bin/stacker\""),
            Self::Terminal => ("stacker", "./stacker"),
        }
    }

    /// The command that keeps an agent running that has joined. `again`: one from before may still run with its old credentials.
    pub fn keep_running(self, again: bool) -> String {
        let (_, program) = self.program();
        self.command_to_run(program, self.folder(), again)
    }

    /// `program` and `folder` (empty, or the option with a space before it) are words of a shell.
    pub(super) fn command_to_run(self, program: &str, folder: &str, again: bool) -> String {
        // `enable --now` would leave a running agent as it is.
        let start = if again { "restart" } else { "start" };
        match self {
            Self::System => format!(
                "{program} agent install{folder} && systemctl daemon-reload && systemctl enable stacker-agent && systemctl {start} stacker-agent"
            ),
            Self::User => format!(
                "{program} agent install --user{folder} && systemctl --user daemon-reload && systemctl --user enable stacker-agent && systemctl --user {start} stacker-agent && loginctl enable-linger"
            ),
            Self::Terminal => format!("{program} agent run{folder}"),
        }
    }

    /// Without systemd everything stays in one folder, also for root.
    fn folder(self) -> &'static str {
        if self == Self::Terminal { " --data-dir stacker-agent" } else { "" }
    }
}

/// One command for each step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupCommands {
    /// Fetches the program and makes it executable if its SHA-256 is right. `None`: the server has no program for the platform.
    pub get: Option<String>,
    pub join: String,
    pub run: String,
}

impl SetupCommands {
    /// All steps in one line; each runs only if the one before succeeded.
    pub fn in_one_line(&self) -> String {
        let steps = self.get.iter().chain([&self.join, &self.run]);
        steps.map(String::as_str).collect::<Vec<_>>().join(" && ")
    }
}

impl HostSetup {
    pub fn commands(&self, host: Uuid, code: &str, way: SetupWay, platform: &str) -> SetupCommands {
        let (file, program) = way.program();
        let found = self.programs.iter().find(|program| program.platform == platform);
        let replace = if self.again { " --replace" } else { "" };
        let folder = way.folder();
        let join = format!(
            "{program} agent join {} --code {}{replace}{folder}",
            quoted(&self.address),
            quoted(code)
        );
        let run = way.keep_running(self.again);
        SetupCommands { get: found.map(|found| self.get(host, found, way, file)), join, run }
    }

    /// The file becomes executable only after its SHA-256 was checked.
    fn get(&self, host: Uuid, program: &HostProgram, way: SetupWay, file: &str) -> String {
        let HostProgram { platform, sha256, .. } = program;
        let sum = sha256.get(..12).unwrap_or(sha256);
        let address = &self.address;
        let url = quoted(&format!("{address}/download/stacker?platform={platform}&sum={sum}&host={host}"));
        let folder = if way == SetupWay::User { "mkdir -p \"$HOME/.local/bin\" && " } else { "" };
        let new = match file.strip_suffix('"') {
            Some(open) => format!("{open}.new\""),
            None => format!("{file}.new"),
        };
        let sum = format!("\"{} *{}\"", sha256, new.trim_matches('"'));
        format!(
            "{folder}curl -fsSL -o {new} {url} && echo {sum} | sha256sum -c - && chmod 755 {new} && mv {new} {file}"
        )
    }
}

/// The text as one word of a POSIX shell.
pub fn quoted(text: &str) -> String {
    // Only the NUL character cannot be quoted; no address and no code holds one.
    shlex::try_quote(text).map_or_else(|_| "''".to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const HOST: Uuid = Uuid::from_u128(7);

    fn setup(address: &str) -> HostSetup {
        HostSetup {
            address: address.to_owned(),
            is_loopback: false,
            is_https: true,
            again: false,
            programs: vec![HostProgram {
                platform: "linux-x86_64".to_owned(),
                sha256: "a".repeat(64),
                bytes: 1,
                is_static: true,
            }],
        }
    }

    /// The words of each command that a shell would run, without running any: every program in it is a function that prints its
    /// arguments.
    fn words(line: &str) -> Vec<String> {
        let script = format!(
            "say() {{ printf '%s\\n' \"$@\"; }}
            curl() {{ say curl \"$@\"; }}; sha256sum() {{ say sha256sum \"$@\"; cat; }}; chmod() {{ say chmod \"$@\"; }}
            mv() {{ say mv \"$@\"; }}; mkdir() {{ :; }}; systemctl() {{ :; }}; loginctl() {{ :; }}
            HOME=/tmp/nobody
            {}",
            line.replace("/usr/local/bin/stacker agent", "say").replace("./stacker agent", "say")
        );
        let ran = Command::new("sh").arg("-c").arg(script).output().unwrap();
        assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_program_is_checked_before_it_can_run_and_its_address_holds_no_secret() {
        let commands = setup("https://s.example").commands(HOST, "stkj_x", SetupWay::System, "linux-x86_64");
        let get = commands.get.unwrap();
        let sum = "a".repeat(64);
        assert_eq!(
            get,
            format!(
                "curl -fsSL -o /usr/local/bin/stacker.new 'https://s.example/download/stacker?platform=linux-x86_64&sum=aaaaaaaaaaaa&host={HOST}' && echo \"{sum} */usr/local/bin/stacker.new\" | sha256sum -c - && chmod 755 /usr/local/bin/stacker.new && mv /usr/local/bin/stacker.new /usr/local/bin/stacker"
            )
        );
        assert!(!get.contains("stkj_"));
        assert_eq!(commands.join, "/usr/local/bin/stacker agent join https://s.example --code stkj_x");
        assert!(commands.run.starts_with("/usr/local/bin/stacker agent install && systemctl"));
    }

    #[test]
    fn a_hostile_host_name_stays_one_word_of_the_shell() {
        for host in ["$(touch${IFS}/tmp/p)", "a;reboot", "a'b", "`id`", "a&b", "[::1]", "a$b", "-o", "a!b"] {
            let address = format!("http://{host}:8000");
            let commands = setup(&address).commands(HOST, "stkj_x", SetupWay::System, "linux-x86_64");
            assert_eq!(words(&commands.join)[..4], ["join", address.as_str(), "--code", "stkj_x"], "{host}");
            let url =
                format!("{address}/download/stacker?platform=linux-x86_64&sum=aaaaaaaaaaaa&host={HOST}");
            assert!(words(&commands.get.unwrap()).contains(&url), "{host}");
        }
    }

    #[test]
    fn a_file_that_is_not_the_right_one_never_becomes_executable() {
        let folder = std::env::temp_dir().join(format!("stacker-setup-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let get = setup("https://s.example").commands(HOST, "x", SetupWay::Terminal, "linux-x86_64").get;
        // Instead of the program, the network delivers something else.
        let script = format!("curl() {{ printf evil > stacker.new; }}\n{}", get.unwrap());
        let ran = Command::new("sh").arg("-c").arg(script).current_dir(&folder).output().unwrap();
        let names: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(!ran.status.success());
        assert_eq!(names, ["stacker.new"]);
    }

    #[test]
    fn without_systemd_everything_stays_in_one_folder() {
        let commands = setup("https://s.example").commands(HOST, "x", SetupWay::Terminal, "linux-x86_64");
        assert_eq!(commands.join, "./stacker agent join https://s.example --code x --data-dir stacker-agent");
        assert_eq!(commands.run, "./stacker agent run --data-dir stacker-agent");
        assert_eq!(commands.in_one_line().matches(" && ").count(), 5);
    }

    #[test]
    fn a_host_that_joins_again_replaces_its_agent_and_restarts_it() {
        let again = HostSetup { again: true, ..setup("https://s.example") };
        let commands = again.commands(HOST, "x", SetupWay::System, "linux-aarch64");
        assert!(commands.join.ends_with(" --replace") && commands.run.ends_with("restart stacker-agent"));
        assert_eq!(commands.get, None, "there is no program for that platform");
        assert!(commands.in_one_line().starts_with("/usr/local/bin/stacker agent join"));
    }
}
