//! Reads settings from the text of a file `.stacker.yaml`.

use crate::compose::{Position, resolve::resolve, syntax::parse, yaml::Value};
use crate::reporting::Settings;

impl Settings {
    /// An empty text is the settings by default. The error says what is wrong, and where.
    pub fn from_yaml(text: &str) -> Result<Self, String> {
        let line = |offset: usize| format!("line {}", Position::of(text, offset).line);
        let parsed = parse(text);
        let resolved = resolve(&parsed.tree);
        if let Some(error) = parsed.error.or(resolved.error) {
            return Err(format!("{}: {}", line(error.offset), error.message));
        }
        if let Some(duplicate) = resolved.duplicates.first() {
            return Err(format!("{}: `{}` stands there twice", line(duplicate.place.start), duplicate.key));
        }
        if resolved.root.is_null() {
            return Ok(Self::default());
        }
        if !matches!(resolved.root.value, Value::Mapping(_)) {
            return Err(format!("invalid: settings are a mapping, this is {}", resolved.root.kind()));
        }
        serde_json::from_value(resolved.root.to_json()).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Level, Profile};

    #[test]
    fn a_file_gives_the_profile_and_the_rules() {
        let settings =
            Settings::from_yaml("profile: strict\nrules:\n  image-unpinned: off # all of them\n").unwrap();
        assert_eq!(settings.profile, Profile::Strict);
        assert_eq!(settings.rules["image-unpinned"], Level::Off);
        assert_eq!(Settings::from_yaml("# nothing\n"), Ok(Settings::default()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| Settings::from_yaml(text).unwrap_err();
        assert!(wrong("rules: [").starts_with("line 1: "), "{}", wrong("rules: ["));
        assert!(wrong("profile: strict\nprofile: security\n").contains("line 2: `profile`"));
        assert!(wrong("profil: strict\n").contains("unknown field `profil`"));
        assert!(wrong("- a\n").contains("invalid"), "{}", wrong("- a\n"));
    }
}
