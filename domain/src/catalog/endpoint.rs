//! The endpoint of a provider: what a consumer needs to reach it, read from the provider's service in the file.

use super::{
    app::{App, Offer},
    template::{fill, placeholders},
};
use crate::compose::{Command, Service};

/// The parts of the endpoint as compose texts. A part is `None` if the file does not contain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    host: String,
    port: u16,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    url: Option<String>,
}

impl Endpoint {
    /// Reads the endpoint from a service. The variables in `added` count as if the service already had them.
    pub(super) fn of(app: &App, offer: &Offer, service: &Service, added: &[(&str, String)]) -> Self {
        let reader = Reader { app, service, added };
        let mut endpoint = Self {
            host: service.name.clone(),
            port: offer.port,
            user: None,
            password: None,
            database: None,
            url: None,
        };
        let complete = offer.logins.iter().find_map(|login| {
            let parts =
                [&login.user, &login.password, &login.database].map(|template| reader.read(template).value());
            parts.iter().all(Option::is_some).then_some(parts)
        });
        let url = match (complete, offer.logins.first()) {
            (Some([user, password, database]), _) => {
                (endpoint.user, endpoint.password, endpoint.database) = (user, password, database);
                offer.url.as_deref()
            }
            (None, Some(_)) if reader.is_open(offer) => offer.open_url.as_deref(),
            (None, Some(login)) => {
                endpoint.user = reader.read(&login.user).value();
                endpoint.password = reader.read(&login.password).value();
                endpoint.database = reader.read(&login.database).value();
                offer.url.as_deref()
            }
            (None, None) => offer.url.as_deref(),
        };
        endpoint.url = url.and_then(|template| endpoint.address(template));
        endpoint
    }

    /// The value of a placeholder in the variables of a consumer.
    pub(super) fn value_of(&self, name: &str) -> Option<String> {
        match name {
            "host" => Some(self.host.clone()),
            "port" => Some(self.port.to_string()),
            "user" => self.user.clone(),
            "password" => self.password.clone(),
            "database" => self.database.clone(),
            "url" => self.url.clone(),
            _ => None,
        }
    }

    fn address(&self, template: &str) -> Option<String> {
        fill(template, |name| self.value_of(name).map(|value| percent_encode(&value))).ok()
    }
}

/// Variables that the service lacks and that are required to connect, with their text in the data file.
pub(super) fn missing_environment<'a>(
    app: &'a App,
    offer: &Offer,
    service: &Service,
) -> Vec<(&'a str, &'a str)> {
    let reader = Reader { app, service, added: &[] };
    let is_complete = offer.logins.iter().any(|login| {
        [&login.user, &login.password, &login.database]
            .iter()
            .all(|template| reader.read(template).value().is_some())
    });
    if offer.logins.is_empty() || offer.open_url.is_some() || is_complete || reader.has_hidden_environment() {
        return Vec::new();
    }
    app.environment
        .iter()
        .filter(|(key, _)| matches!(reader.variable(key), Found::Absent))
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

struct Reader<'a> {
    app: &'a App,
    service: &'a Service,
    added: &'a [(&'a str, String)],
}

enum Found {
    Value(String),
    /// The value is set somewhere outside the file.
    Hidden,
    Absent,
}

impl Found {
    fn value(self) -> Option<String> {
        match self {
            Self::Value(value) => Some(value),
            Self::Hidden | Self::Absent => None,
        }
    }
}

impl Reader<'_> {
    fn read(&self, template: &str) -> Found {
        match placeholders(template).first().and_then(|name| name.split_once(':')) {
            Some(("env", key)) => self.variable(key),
            Some(("argument", flag)) => self.argument(flag),
            _ => Found::Value(template.to_owned()),
        }
    }

    /// Whether the image accepts everyone without a login and nothing sets a login.
    fn is_open(&self, offer: &Offer) -> bool {
        offer.open_url.is_some()
            && offer.logins.iter().all(|login| {
                [&login.user, &login.password, &login.database].iter().all(|template| {
                    placeholders(template).is_empty() || matches!(self.read(template), Found::Absent)
                })
            })
    }

    fn variable(&self, key: &str) -> Found {
        if let Some((_, value)) = self.added.iter().find(|(added, _)| *added == key) {
            return Found::Value(value.clone());
        }
        for name in self.app.names_of(key) {
            match self.service.variable(name).map(|variable| variable.value.as_deref()) {
                Some(Some("")) => {}
                Some(Some(value)) => return Found::Value(value.to_owned()),
                // `KEY:` takes its value from the environment of compose, so the consumer reads it there too.
                Some(None) => return Found::Value(format!("${{{name}}}")),
                None if self.service.variable(&format!("{name}_FILE")).is_some() => return Found::Hidden,
                None => {}
            }
        }
        let mut instead = self.app.instead.get(key).into_iter().flatten();
        if instead.any(|name| self.service.variable(name).is_some()) || self.has_hidden_environment() {
            return Found::Hidden;
        }
        Found::Absent
    }

    /// Whether variables may come from files that cannot be read here.
    fn has_hidden_environment(&self) -> bool {
        !self.service.env_files.is_empty() || self.service.extends.is_some()
    }

    /// The word after a flag of the command. If the word names a container variable, the value of that variable.
    fn argument(&self, flag: &str) -> Found {
        let Some(command) = &self.service.command else {
            return Found::Absent;
        };
        let line = match &command.value {
            Command::Line(line) => line.clone(),
            Command::Words(words) => words.join(" "),
        };
        let Some((_, after)) = line.split_once(flag) else {
            return Found::Absent;
        };
        let word = first_word(after.trim_start_matches([' ', '=', '\n', '\t']));
        match word.strip_prefix("$$") {
            Some(name) => match self.variable(name.trim_matches(['{', '}'])) {
                Found::Absent => Found::Hidden,
                found => found,
            },
            None if word.is_empty() => Found::Absent,
            None => Found::Value(word.to_owned()),
        }
    }
}

/// The text up to the closing quote, or up to the next space outside `${…}`.
fn first_word(text: &str) -> &str {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = &text[1..];
        return inner.split(quote).next().unwrap_or(inner);
    }
    let mut depth = 0usize;
    let end = text.find(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_whitespace()
    });
    &text[..end.unwrap_or(text.len())]
}

/// Percent-encodes a part of an address. A part with a variable is not changed, because its value is unknown.
fn percent_encode(value: &str) -> String {
    let plain = value.replace("$$", "\u{0}");
    if plain.contains('$') {
        return value.to_owned();
    }
    let mut encoded = String::with_capacity(plain.len());
    for byte in plain.replace('\u{0}', "$").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_a_shell_would_end_them() {
        assert_eq!(first_word("secret --appendonly yes"), "secret");
        assert_eq!(first_word("\"$$REDIS_PASSWORD\" --save"), "$$REDIS_PASSWORD");
        assert_eq!(first_word("${PASSWORD:?must be set} --save"), "${PASSWORD:?must be set}");
    }

    #[test]
    fn addresses_are_encoded_unless_a_variable_hides_the_value() {
        assert_eq!(percent_encode("p@ss/w$$rd"), "p%40ss%2Fw%24rd");
        assert_eq!(percent_encode("${PASSWORD}"), "${PASSWORD}");
    }
}
