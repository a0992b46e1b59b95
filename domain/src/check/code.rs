//! A code that a rule can report: who objects, and in which profiles.

use crate::{finding::Basis, reporting::Profile};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable, kebab-case.
    pub name: &'static str,
    pub basis: Basis,
    is_strict: bool,
    /// Whether it is about what an attacker could reach.
    is_security: bool,
    /// Whether the file was not read, so that nothing else is known about it.
    is_unread: bool,
    /// Whether it depends on what registries say, so that reading a file alone never reports it.
    pub is_of_registries: bool,
}

impl Code {
    pub const fn compose(name: &'static str) -> Self {
        Self::on(name, Basis::Compose)
    }

    pub const fn runtime(name: &'static str) -> Self {
        Self::on(name, Basis::Runtime)
    }

    pub const fn advice(name: &'static str) -> Self {
        Self::on(name, Basis::Advice)
    }

    const fn on(name: &'static str, basis: Basis) -> Self {
        Self { name, basis, is_strict: false, is_security: false, is_unread: false, is_of_registries: false }
    }

    /// Reported in the profile `strict`, not in `recommended`.
    pub const fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    /// Also reported in the profile `security`.
    pub const fn security(self) -> Self {
        Self { is_security: true, ..self }
    }

    /// The file was not read: reported in every profile.
    pub const fn unread(self) -> Self {
        Self { is_unread: true, ..self }
    }

    /// Reported only where registries were asked.
    pub const fn of_registries(self) -> Self {
        Self { is_of_registries: true, ..self }
    }

    /// Whether nothing can switch it off: Compose itself reports it, or the file was not read.
    pub fn is_fixed(self) -> bool {
        self.basis == Basis::Compose || self.is_unread
    }

    pub fn is_in(self, profile: Profile) -> bool {
        match profile {
            Profile::Recommended => !self.is_strict,
            Profile::Strict => true,
            Profile::Security => self.is_security || self.is_unread || self.basis != Basis::Advice,
        }
    }

    /// The profiles that report it, for its page.
    pub fn profiles(self) -> impl Iterator<Item = Profile> {
        Profile::ALL.into_iter().filter(move |profile| self.is_in(*profile))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(code: Code) -> Vec<Profile> {
        code.profiles().collect()
    }

    #[test]
    fn what_stops_a_stack_is_in_every_profile() {
        assert_eq!(profiles(Code::compose("a")), Profile::ALL);
        assert_eq!(profiles(Code::runtime("a")), Profile::ALL);
    }

    #[test]
    fn advice_is_in_the_profiles_that_ask_for_it() {
        assert_eq!(profiles(Code::advice("a")), [Profile::Recommended, Profile::Strict]);
        assert_eq!(profiles(Code::advice("a").strict()), [Profile::Strict]);
        assert_eq!(profiles(Code::advice("a").strict().security()), [Profile::Strict, Profile::Security]);
    }
}
