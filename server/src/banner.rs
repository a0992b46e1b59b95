//! The start-up message: on a terminal the name in block letters and a box, elsewhere plain lines.

use std::io::{self, IsTerminal as _, Write};

use crate::http::Origin;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const EDITION: &str = "Community";

/// Release builds set `STACKER_BUILD`; without it, this is the kind of build.
const BUILD: &str = match option_env!("STACKER_BUILD") {
    Some(build) => build,
    None if cfg!(debug_assertions) => "development",
    None => "release",
};

const NAME: &str = "
  ███████ ████████  █████   ██████ ██   ██ ███████ ██████
  ██         ██    ██   ██ ██      ██  ██  ██      ██   ██
  ███████    ██    ███████ ██      █████   █████   ██████
       ██    ██    ██   ██ ██      ██  ██  ██      ██   ██
  ███████    ██    ██   ██  ██████ ██   ██ ███████ ██   ██
";

/// Inner width of the box.
const WIDTH: usize = 55;

/// Printed first, before anything can take time.
pub fn print_name() -> io::Result<()> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        write_box(&mut out)
    } else {
        writeln!(out, "Stacker {VERSION}, build {BUILD}, edition {EDITION}")
    }
}

pub fn print_configuration_loaded() -> io::Result<()> {
    writeln!(io::stdout().lock(), "Configuration loaded")
}

/// Printed when the server is ready for requests. The link is for the person at this terminal and is written nowhere else. The
/// last line is for programs that wait for the server.
pub fn print_ready(origin: &Origin, listening: &Origin, sign_in_link: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Server address: {origin}")?;
    writeln!(out, "Ready to accept connections")?;
    if let Some(link) = sign_in_link {
        writeln!(out)?;
        writeln!(
            out,
            "Sign in with this link (works once, for 15 minutes; another one: console login-link):"
        )?;
        writeln!(out, "{link}")?;
        writeln!(out)?;
    }
    writeln!(out, "listening on {listening}")?;
    out.flush()
}

fn write_box(out: &mut impl Write) -> io::Result<()> {
    let line = "─".repeat(WIDTH);
    writeln!(out, "{NAME}")?;
    writeln!(out, "  ╭{line}╮")?;
    writeln!(out, "  │ {:<width$}│", "Stacker", width = WIDTH - 1)?;
    for (label, value) in [("Version", VERSION), ("Build", BUILD), ("Edition", EDITION)] {
        writeln!(out, "  │ {label:<10}{value:<width$}│", width = WIDTH - 11)?;
    }
    writeln!(out, "  ╰{line}╯")?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_of_the_box_stand_below_each_other() {
        let mut out = Vec::new();
        write_box(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let sides: Vec<usize> =
            text.lines().filter(|line| line.contains('│')).map(|line| line.chars().count()).collect();
        assert_eq!(sides.len(), 4);
        assert!(sides.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    }
}
