//! What the variables of a service hold, as far as the catalogue or their names tell.

use super::{app::App, template::placeholders};
use crate::compose::hosts::{self, Expect};

/// What the variable holds: the catalogue knows it for the variables that a wire sets, otherwise its name tells.
pub fn expected_in(app: Option<&App>, key: &str) -> Expect {
    let template = app.and_then(|app| {
        app.accepts.iter().flat_map(|accept| &accept.environment).find_map(|(name, template)| {
            app.names_of(name).any(|name| name == key).then_some(template.as_str())
        })
    });
    match template.map(placeholders) {
        Some(names) if names.iter().any(|name| matches!(*name, "host" | "url")) => Expect::Host,
        Some(_) => Expect::NoHost,
        None => hosts::expected_in(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::app;

    #[test]
    fn the_catalogue_knows_which_variables_of_its_apps_hold_a_host() {
        assert_eq!(expected_in(app("wordpress"), "WORDPRESS_DB_HOST"), Expect::Host);
        assert_eq!(expected_in(app("wordpress"), "WORDPRESS_DB_NAME"), Expect::NoHost);
        assert_eq!(expected_in(app("ghost"), "database__client"), Expect::NoHost);
        assert_eq!(expected_in(None, "CACHE_URL"), Expect::Host);
    }
}
