//! The exit codes of the program.

/// Part of the interface: scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing is wrong.
    Fine = 0,
    /// The file was read, and there are errors in it.
    Errors = 1,
    /// The file could not be read, or the command failed.
    CannotRead = 2,
}
