//! Replaces `{{placeholder}}` in the texts of the data files.

/// Replaces all placeholders. The error is the first placeholder without a value.
pub(super) fn fill(template: &str, value_of: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        filled.push_str(&value_of(name).ok_or_else(|| name.to_owned())?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The names of all placeholders.
pub(super) fn placeholders(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, name, after)) = next(rest) {
        names.push(name);
        rest = after;
    }
    names
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_and_the_rest_stays() {
        let filled = fill("{{host}}:{{port}}/${VAR}", |name| Some(name.to_uppercase()));
        assert_eq!(filled, Ok("HOST:PORT/${VAR}".to_owned()));
    }

    #[test]
    fn a_placeholder_without_value_is_named() {
        assert_eq!(fill("a {{secret:password}}", |_| None), Err("secret:password".to_owned()));
        assert_eq!(placeholders("{{a}} and {{b}}"), ["a", "b"]);
    }
}
