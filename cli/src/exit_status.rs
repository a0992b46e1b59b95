//! The exit codes of the program.

/// The numbers are part of the interface, because scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// There are no errors.
    Fine = 0,
    /// The file was read and contains errors.
    Errors = 1,
    /// The file could not be read, or the command failed.
    CannotRead = 2,
}
