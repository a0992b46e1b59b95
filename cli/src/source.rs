//! Reads the compose file, or standard input.

use std::{
    fs::File,
    io::{self, Read},
};

use anyhow::Context;

/// One byte more than the limit of compose files: enough to detect a file that is too large.
const MOST_BYTES: u64 = 1024 * 1024 + 1;

pub struct Source {
    /// The name used in messages.
    pub name: String,
    pub text: String,
}

/// Reads a file, or standard input for `-`.
pub fn read(file: &str) -> anyhow::Result<Source> {
    let (name, bytes) = match file {
        "-" => ("standard input", read_all(io::stdin().lock())),
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
    Ok(Source { name: name.to_owned(), text })
}

fn read_all(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
