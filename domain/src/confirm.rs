//! The name that is typed before something goes for good: a project, an API client, a host.

/// Of whom a name is asked that they did not give. Pages always ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConfirmNames {
    /// Of nobody: clients that do not know the question go on working.
    #[default]
    WhereGiven,
    Always,
}

impl ConfirmNames {
    /// `name` is what it is called, `typed` what a caller gave as `confirm_name`. What is given must be right.
    pub fn check(self, name: &str, typed: Option<&str>) -> Result<(), NotConfirmed> {
        match typed {
            Some(typed) if typed.trim() == name.trim() => Ok(()),
            Some(_) => Err(NotConfirmed::OtherName),
            None if self == Self::WhereGiven => Ok(()),
            None => Err(NotConfirmed::NoName),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    #[error("this cannot be undone: to confirm, send the name of what is to go as `confirm_name`")]
    NoName,
    #[error("`confirm_name` is not the name of what is to go, so nothing was done: send it exactly as it is")]
    OtherName,
}

impl NotConfirmed {
    /// Where it is asked for.
    pub const FIELD: &str = "confirm_name";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_given_must_be_right_and_one_that_is_asked_for_must_be_given() {
        for names in [ConfirmNames::WhereGiven, ConfirmNames::Always] {
            assert_eq!(names.check("Shop", Some(" Shop ")), Ok(()));
            assert_eq!(names.check("Shop", Some("shop")), Err(NotConfirmed::OtherName));
            assert_eq!(names.check("Shop", Some("")), Err(NotConfirmed::OtherName));
        }
        assert_eq!(ConfirmNames::WhereGiven.check("Shop", None), Ok(()));
        assert_eq!(ConfirmNames::Always.check("Shop", None), Err(NotConfirmed::NoName));
    }
}
