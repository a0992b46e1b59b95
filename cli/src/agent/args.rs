//! The command line of `stacker agent`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum AgentCommand {
    /// Make this host one of a server's: asks it once, with a code that the server's owner made
    #[command(after_help = "\
The code is shown under Hosts → Add a host; it works once, and only for a short time.
Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Nothing is opened on this host.

Examples:
  stacker agent join https://stacker.example --code 7KQ2-…
  stacker agent join https://stacker.local --code 7KQ2-… --ca /etc/ssl/our-ca.pem
  stacker agent join https://stacker.example --code 7KQ2-… --data-dir ./stacker-agent

It says where it writes before it writes. `stacker agent leave` undoes it.")]
    Join {
        /// Address of the server: https://stacker.example
        url: String,
        /// The code that was shown when the host was added
        #[arg(long)]
        code: String,
        /// Certificate authorities in PEM form, beside those of the system
        #[arg(long)]
        ca: Option<PathBuf>,
        /// What the host calls itself; without it, its host name
        #[arg(long)]
        name: Option<String>,
        /// Take the place of an agent that has joined from here before
        #[arg(long)]
        replace: bool,
        /// What this host lets stacks do
        #[arg(long, default_value = "/etc/stacker/policy.yaml")]
        policy: PathBuf,
        #[command(flatten)]
        folder: FolderArgument,
    },
    /// Wait for commands and run them, until it is stopped
    Run {
        /// What this host lets stacks do
        #[arg(long, default_value = "/etc/stacker/policy.yaml")]
        policy: PathBuf,
        #[command(flatten)]
        folder: FolderArgument,
    },
    /// Write a systemd unit that runs the agent, and say how to start it
    Install {
        /// For the user who runs it, without root: for rootless Podman or Docker
        #[arg(long)]
        user: bool,
        /// Print the unit and write nothing
        #[arg(long)]
        print: bool,
        /// What this host lets stacks do, when it is not /etc/stacker/policy.yaml
        #[arg(long)]
        policy: Option<PathBuf>,
        #[command(flatten)]
        folder: FolderArgument,
    },
    /// Undo `join` and `install`: tell the server, remove the credentials and the systemd unit
    #[command(after_help = "\
Stacks and their volumes stay as they are. The server refuses while deployments are live on this host.

Examples:
  stacker agent leave
  stacker agent leave --force     # also with live deployments, or when the server does not answer")]
    Leave {
        /// Also when deployments are live here, or when the server does not answer: what runs goes on running
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        folder: FolderArgument,
    },
    /// Say which server this host belongs to, what runs on it, and what the policy allows
    Status {
        /// What this host lets stacks do
        #[arg(long, default_value = "/etc/stacker/policy.yaml")]
        policy: PathBuf,
        #[command(flatten)]
        folder: FolderArgument,
    },
}

#[derive(Debug, Args)]
pub struct FolderArgument {
    /// The agent's folder [default: /var/lib/stacker-agent for root, otherwise in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}
