//! The arguments of `stacker check`.

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::check::{Level, Profile};
use serde::de::DeserializeOwned;

#[derive(Args, Debug)]
#[command(after_help = "\
Without a path, the compose file of the current folder is checked, as Compose finds it: with its override file, or the files of
COMPOSE_FILE. In folders, compose.yaml, compose.yml, docker-compose*.yml and compose.*.yml are searched for (.yaml, too), except in
hidden folders and node_modules. A variant such as compose.prod.yml that is incomplete alone is read on top of the compose file
beside it.

Exit codes:
  0  no errors; there may be warnings and hints
  1  errors, more warnings than allowed, or, with --diff, something to change
  2  a file, the settings or the arguments cannot be read

Settings are read from .stacker.yaml in the folder of each file or above, up to the root of the repository:
  profile: strict
  rules:
    image-unpinned: off

For one file, --format json prints one object with `file`, `errors`, `warnings`, `hints`, `findings` and `suppressed`. For a folder
or several files, it prints an object with the sums and with such an object for each file in `files`.

Examples:
  stacker check docker-compose.yml
  stacker check .
  stacker check -f compose.yaml -f compose.prod.yaml
  git show HEAD:docker-compose.yml | stacker check -
  stacker check --fix --diff docker-compose.yml
  stacker check --format json docker-compose.yml | jq '.findings[].code'

A file `.env` beside the compose file gives its variables their values, as for Compose. The codes are explained in docs/rules.md. Only
--fix changes files, and nothing is sent anywhere.")]
pub struct CheckArguments {
    /// Compose files, folders with compose files, or `-` for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Check this file merged with the other files of this option, as Compose merges them
    #[arg(short, long = "file", value_name = "FILE", conflicts_with = "paths")]
    pub files: Vec<String>,
    /// The name of the file that comes from standard input
    #[arg(long, value_name = "NAME")]
    pub stdin_name: Option<String>,
    /// Variables have the values of this file, instead of those of `.env` beside the compose file
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<String>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Read the settings from this file only
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// Which rules look, whatever the settings say
    #[arg(long, value_parser = PossibleValuesParser::new(["recommended", "strict", "security"]).try_map(|text| word::<Profile>(&text)))]
    pub profile: Option<Profile>,
    /// Set the level of one rule: off, hint, warning or error
    #[arg(long, value_name = "CODE=LEVEL", value_parser = rule)]
    pub rule: Vec<(String, Level)>,
    /// List the findings that comments and settings switch off
    #[arg(long)]
    pub show_suppressed: bool,
    /// End with 1 if there are more warnings
    #[arg(long, value_name = "NUMBER")]
    pub max_warnings: Option<usize>,
    /// Change the files: make the fix of every finding that has one, and print what remains
    #[arg(long)]
    pub fix: bool,
    /// Print what --fix would change, and change nothing
    #[arg(long)]
    pub diff: bool,
    /// The address that explains the rules, for SARIF: the code follows it after a slash
    #[arg(long, value_name = "URL")]
    pub rules_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: like compiler messages
    Text,
    /// For programs, see below
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands: remarks at the lines of a change
    Github,
    /// JUnit XML, for reports of tests
    Junit,
    /// The JSON of Code Climate, for reports of quality
    Codeclimate,
}

fn rule(text: &str) -> Result<(String, Level), String> {
    let (code, level) = text.split_once('=').ok_or("write CODE=LEVEL, such as image-unpinned=off")?;
    let level = word(level).map_err(|_| format!("`{level}` is no level: use off, hint, warning or error"))?;
    Ok((code.trim().to_owned(), level))
}

/// One of the words that files of settings use.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(text.into())
}
