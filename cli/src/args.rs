//! The command line: commands, arguments and help texts.

use clap::{Parser, Subcommand, ValueEnum};

use crate::{agent::args::AgentCommand, check::args::CheckArguments};

#[derive(Debug, Parser)]
#[command(
    name = "stacker",
    version,
    about = "Check compose files with the rules of the Stacker builder, and run stacks on this host",
    after_help = "Run `stacker help <command>` for examples and exit codes.",
    arg_required_else_help = true
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find problems in compose files, with their place and a fix
    Check(Box<CheckArguments>),
    /// Print a compose file as JSON with sorted keys, anchors and merges resolved
    #[command(after_help = "\
Two files with the same meaning print the same, however they are written. Variables stay as they are.

Exit codes:
  0  printed
  1  the file has errors; what can be read is printed anyway
  2  the file cannot be read

Examples:
  stacker render docker-compose.yml
  stacker render -f compose.yaml -f compose.prod.yaml
  diff <(stacker render old.yml) <(stacker render new.yml)")]
    Render {
        /// The compose file, or `-` for standard input
        #[arg(required_unless_present = "files")]
        file: Option<String>,
        /// Print this file merged with the other files of this option, as Compose merges them
        #[arg(short, long = "file", value_name = "FILE", conflicts_with = "file")]
        files: Vec<String>,
    },
    /// Change a compose file with the edits of the REST API, and print the new text
    #[command(after_help = "\
An edit changes only the lines it is about. If it can be made in several ways, it is refused with the edits to choose from.

Exit codes:
  0  done
  1  an edit is refused; nothing is changed
  2  the file or the edits cannot be read

Examples:
  stacker edit docker-compose.yml '{\"op\": \"rename_service\", \"service\": \"mariadb\", \"to\": \"db\"}'
  stacker edit --write docker-compose.yml '[{\"op\": \"remove_service\", \"service\": \"db\", \"clean_up\": true}]'

All edits are described at /openapi.json of a server, under `Edit`.")]
    Edit {
        /// The compose file, or `-` for standard input
        file: String,
        /// One edit or a list of edits, as JSON
        edits: String,
        /// Write the file instead of printing the text
        #[arg(long)]
        write: bool,
    },
    /// Give compose files one order and style; values and comments stay
    #[command(after_help = "\
Keys of the file and of services get the order of docs/formatting.md; services, variables and list items keep theirs. Before a
file is written, the new text is compared with the old one: it has the same values, comments and anchors.

Exit codes:
  0  the files are formatted
  1  with --check or --diff, a file would change; or a file has errors and stays as it is
  2  a file cannot be read or written

Examples:
  stacker fmt docker-compose.yml
  stacker fmt --check */compose.yml
  stacker fmt - < docker-compose.yml")]
    Fmt {
        /// The compose files, or `-` to format standard input to standard output
        #[arg(required = true)]
        files: Vec<String>,
        /// Only print the names of files that would change
        #[arg(long)]
        check: bool,
        /// Only print what would change, as a unified diff
        #[arg(long, conflicts_with = "check")]
        diff: bool,
    },
    /// Show what differs between two compose files in meaning
    #[command(after_help = "\
Order, style, comments and notations (a list or a mapping, the short or the long form) make no difference. Values that may be
secret are not printed, only that they changed.

Exit codes:
  0  both files mean the same
  1  they differ
  2  a file cannot be read, or has no valid YAML

Examples:
  stacker diff old.yml new.yml
  git show HEAD:docker-compose.yml | stacker diff - docker-compose.yml
  stacker diff --format json old.yml new.yml | jq '.changes[].name'")]
    Diff {
        /// The compose file before, or `-` for standard input
        before: String,
        /// The compose file after, or `-` for standard input
        after: String,
        /// How to print the differences
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Serve an editor: a language server for compose files over standard input and output
    #[command(after_help = "\
Editors start it themselves; docs/editors.md shows how to tell them.

Exit codes:
  0  the editor has ended it
  1  the editor is gone")]
    Lsp {
        /// Accepted because many editors pass it: standard input and output are always used
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print the completions of a shell
    #[command(after_help = "\
Examples:
  stacker completions bash > /etc/bash_completion.d/stacker
  stacker completions fish > ~/.config/fish/completions/stacker.fish")]
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the man page of the program and its commands, or of one command
    #[command(after_help = "\
Examples:
  stacker man > /usr/local/share/man/man1/stacker.1
  stacker man check | man -l -")]
    Man {
        /// Such as `check`, or `agent run`
        command: Vec<String>,
    },
    /// Make this machine a host of a Stacker server and run its commands
    #[command(subcommand)]
    Agent(AgentCommand),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: like compiler messages
    Text,
    /// For programs: one object
    Json,
}
