//! `${VARIABLE}` as compose reads it:
//! <https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md>.

use super::place::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    pub name: String,
    pub fallback: Fallback,
    /// The scalar it stands in.
    pub place: Place,
}

/// What compose does when the variable has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// Empty text and a warning.
    None,
    /// `${VAR:-text}` or `${VAR-text}`.
    Default(String),
    /// `${VAR:?text}` or `${VAR?text}`: compose refuses to start.
    Required(String),
    /// `${VAR:+text}` or `${VAR+text}`: nothing is missing when it is unset.
    Alternative(String),
}
