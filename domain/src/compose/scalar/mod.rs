//! Scalars: how plain ones are read, and how text is written so that every YAML reader reads it as text.
//!
//! Reading follows the reader of Compose, which knows more numbers than the core schema of
//! [YAML 1.2](https://yaml.org/spec/1.2.2/#103-core-schema): `0415` is octal, `0b101` binary, `1_000` a thousand and
//! `2024-01-15` a date, but `yes` and `12:34:56` are text. `domain/tests/differential` compares the two. Writing also
//! avoids what other readers take for something else, such as `no` or `12:34:56`.

mod read;
mod write;

pub use read::{float_text, resolve};
pub use write::{Around, Quote, plain_or_quoted, write};
