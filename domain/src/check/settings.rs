//! Checks the settings themselves.

use super::known_code;
use crate::reporting::Settings;

/// More codes than there are.
const MOST_RULES: usize = 500;

impl Settings {
    /// The codes of the settings that cannot be set, each with the reason.
    pub fn problems(&self) -> Vec<(String, String)> {
        let wrong = self.rules.keys().take(MOST_RULES).filter_map(|name| {
            let problem = match known_code(name) {
                Some(code) if code.is_fixed() => {
                    "it can't be changed, because such a file is rejected or not read"
                }
                Some(_) => return None,
                None => "there is no rule with this code",
            };
            Some((name.clone(), problem.to_owned()))
        });
        let too_many = (self.rules.len() > MOST_RULES)
            .then(|| ("rules".to_owned(), format!("there are more than {MOST_RULES}")));
        wrong.chain(too_many).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::Level;

    fn problems(json: &str) -> Vec<String> {
        let settings: Settings = serde_json::from_str(json).unwrap();
        settings.problems().into_iter().map(|(code, problem)| format!("{code}: {problem}")).collect()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
        assert!(serde_json::from_str::<Settings>(r#"{"profil": "strict"}"#).is_err());
        assert!(serde_json::from_str::<Settings>(r#"{"rules": {"image-latest": "quiet"}}"#).is_err());
        let off = serde_json::from_str::<Settings>(r#"{"rules": {"image-latest": false}}"#).unwrap();
        assert_eq!(off.rules["image-latest"], Level::Off);
    }

    #[test]
    fn only_codes_that_exist_and_are_not_those_of_compose_can_be_set() {
        assert_eq!(
            problems(r#"{"rules": {"image-unpinned": "off", "host-port-conflict": "hint"}}"#),
            [""; 0]
        );
        let wrong =
            problems(r#"{"rules": {"image-unpined": "off", "port-invalid": "hint", "wrong-type": "off"}}"#);
        assert!(wrong[0].starts_with("image-unpined: there is no rule"), "{wrong:?}");
        assert!(wrong[1].starts_with("port-invalid: it can't be changed"), "{wrong:?}");
        assert!(wrong[2].starts_with("wrong-type: "), "{wrong:?}");
    }
}
