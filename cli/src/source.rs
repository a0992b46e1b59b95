//! Reads the compose file, or standard input.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::Context;
use domain::deploy::read_env_file;

/// One byte more than the limit of compose files: enough to detect a file that is too large.
const MOST_BYTES: u64 = 1024 * 1024 + 1;

#[derive(Clone)]
pub struct Source {
    /// The name used in messages.
    pub name: String,
    pub text: String,
    /// The values of `.env` beside the file, as compose reads them.
    pub values: BTreeMap<String, String>,
}

/// Reads a file, or standard input for `-`.
pub fn read(file: &str) -> anyhow::Result<Source> {
    read_as(file, None)
}

/// The same, with a name for standard input.
pub fn read_as(file: &str, stdin_name: Option<&str>) -> anyhow::Result<Source> {
    let (name, bytes) = match file {
        "-" => (stdin_name.unwrap_or("standard input"), read_all(io::stdin().lock())),
        path => (path, File::open(path).and_then(read_all)),
    };
    let bytes = bytes.with_context(|| format!("cannot read {name}"))?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // The limit may have cut the last character in two.
        Err(error) if error.as_bytes().len() as u64 == MOST_BYTES => {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
        Err(error) => anyhow::bail!(
            "cannot read {name}: byte {} is not UTF-8; save the file as UTF-8 text",
            error.utf8_error().valid_up_to() + 1
        ),
    };
    let values = match (file, stdin_name) {
        ("-", None) => BTreeMap::new(),
        ("-", Some(name)) => values_beside(Path::new(name)),
        (file, _) => values_beside(Path::new(file)),
    };
    Ok(Source { name: name.to_owned(), text, values })
}

/// Empty if there is no such file or it is no text: compose then has no values either.
fn values_beside(file: &Path) -> BTreeMap<String, String> {
    let bytes = File::open(file.with_file_name(".env")).and_then(read_all).unwrap_or_default();
    String::from_utf8(bytes).map(|text| read_env_file(&text)).unwrap_or_default()
}

/// The values of a file that is named by the user.
pub fn read_values(file: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let bytes = File::open(file).and_then(read_all).with_context(|| format!("cannot read {file}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("cannot read {file}"))?;
    Ok(read_env_file(&text))
}

fn read_all(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
