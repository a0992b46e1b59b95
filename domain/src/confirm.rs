//! The name that a user types to confirm a deletion: of a project, an API client or a host.

/// Which callers must send the name. Pages always ask for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConfirmNames {
    /// No caller must send it, so that clients without it keep working. A name that is sent must be correct.
    #[default]
    WhereGiven,
    Always,
}

impl ConfirmNames {
    /// `name` is the actual name, `typed` the caller's `confirm_name`. If the caller sends a name, it must be
    /// correct.
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
    #[error("this can't be undone: to confirm, send the name of what you want to delete as `confirm_name`")]
    NoName,
    #[error("`confirm_name` does not match the name, so nothing was done: send the name exactly as it is")]
    OtherName,
}

impl NotConfirmed {
    /// The field of the request that carries the typed name.
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
