//! Names of projects.

use super::error::{MAX_NAME_CHARACTERS, NameProblem, ProjectError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectName(String);

impl ProjectName {
    /// Checks a name. Surrounding white space is removed.
    pub fn parse(name: &str) -> Result<Self, ProjectError> {
        let name = name.trim();
        let problem = if name.is_empty() {
            NameProblem::Empty
        } else if name.chars().count() > MAX_NAME_CHARACTERS {
            NameProblem::TooLong
        } else if name.chars().any(char::is_control) {
            NameProblem::ControlCharacter
        } else {
            return Ok(Self(name.to_owned()));
        };
        Err(ProjectError::NameInvalid(problem))
    }

    /// A name from the database, which was checked before it was stored.
    pub fn stored(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name of a duplicate. Names need not be unique, so copies are not numbered.
    pub fn of_copy(name: &str) -> Self {
        const SUFFIX: &str = " (copy)";
        let kept: String = name.chars().take(MAX_NAME_CHARACTERS - SUFFIX.len()).collect();
        Self(format!("{}{SUFFIX}", kept.trim_end()))
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", NameProblem::Empty)]
    #[case(" \t ", NameProblem::Empty)]
    #[case("two\nlines", NameProblem::ControlCharacter)]
    #[case("nul\0", NameProblem::ControlCharacter)]
    #[case(&"x".repeat(51), NameProblem::TooLong)]
    fn what_is_no_name_is_said_why(#[case] name: &str, #[case] problem: NameProblem) {
        assert!(
            matches!(ProjectName::parse(name), Err(ProjectError::NameInvalid(found)) if found == problem)
        );
    }

    #[test]
    fn a_name_of_50_characters_in_any_script_is_fine() {
        let name = "ü".repeat(50);
        assert_eq!(ProjectName::parse(&format!("  {name} ")).unwrap().into_string(), name);
    }

    #[test]
    fn the_name_of_a_copy_is_a_name() {
        let copy = ProjectName::of_copy(&"ü".repeat(50)).into_string();
        assert!(copy.ends_with("ü (copy)"));
        assert!(ProjectName::parse(&copy).is_ok());
    }
}
