//! Tests of what every app of the catalogue must have.

use std::collections::{BTreeMap, BTreeSet};

use super::{super::template::placeholders, secrets_of};
use crate::{catalog::*, compose::ImageReference};

#[test]
fn every_data_file_can_be_read() {
    for file in super::super::FILES {
        if let Err(error) = serde_json::from_str::<App>(file) {
            panic!("{error} in {file}");
        }
    }
    assert_eq!(apps().len(), 25);
}

#[test]
fn codes_are_unique_and_fit_as_service_names() {
    let codes: BTreeSet<_> = apps().iter().map(|app| &app.code).collect();
    assert_eq!(codes.len(), apps().len());
    for app in apps() {
        assert!(
            app.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{}",
            app.code
        );
        assert_eq!(crate::catalog::app(&app.code), Some(app));
    }
}

#[test]
fn every_app_says_what_it_is() {
    for app in apps() {
        assert!(
            !app.name.is_empty() && !app.description.is_empty() && !app.licence.is_empty(),
            "{}",
            app.code
        );
        assert!(!app.description.contains('\n') && app.description.len() < 90, "{}", app.code);
        assert!(app.homepage.starts_with("https://"), "{}", app.code);
        assert!(categories().contains(&app.category), "{}", app.code);
        assert!(app.glyph().starts_with('M'), "{}", app.code);
    }
}

#[test]
fn every_app_says_where_its_facts_come_from_and_whether_it_was_started() {
    for app in apps() {
        assert!(app.source.starts_with("https://"), "{}", app.code);
        assert!(
            app.checked >= chrono::NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date"),
            "{}",
            app.code
        );
        assert!(matches!(app.started, Started::Yes | Started::No), "{}", app.code);
    }
}

#[test]
fn no_app_rejects_people_who_connect_by_address() {
    for app in apps() {
        for (key, value) in &app.environment {
            let lists_hosts =
                ["TRUSTED", "ALLOWED_HOSTS", "VALID_HOST"].iter().any(|word| key.contains(word));
            assert!(!lists_hosts || value == "*", "{}: {key}={value}", app.code);
        }
    }
}

#[test]
fn an_address_that_only_the_host_opens_is_announced() {
    for app in apps() {
        for (name, _) in app.environment.iter().filter(|(_, value)| value.contains("//localhost")) {
            let advice = app.after_adding.as_deref().unwrap_or_default();
            assert!(advice.contains(&format!("`{name}`")), "{}: {name}", app.code);
        }
        if let Some(advice) = &app.after_adding {
            assert!(advice.ends_with('.') && advice.len() < 300, "{}: {advice}", app.code);
        }
    }
}

#[test]
fn every_required_setting_has_a_reason_and_is_set_by_the_app_or_by_a_wire() {
    for app in apps() {
        let Some(requires) = &app.requires else { continue };
        for setting in &requires.settings {
            let by_wire = app.accepts.iter().any(|accept| accept.environment.contains_key(&setting.set));
            let by_app = |way: &String| {
                let (key, value) =
                    way.split_once('=').map_or((way.as_str(), None), |(key, value)| (key, Some(value)));
                app.environment.get(key).is_some_and(|set| value.is_none_or(|value| value == set))
            };
            assert!(
                by_wire || by_app(&setting.set) || setting.or.iter().any(by_app),
                "{}: {}",
                app.code,
                setting.set
            );
            assert!(setting.why.len() > 20 && !setting.why.ends_with('.'), "{}", app.code);
        }
    }
}

#[test]
fn every_category_has_an_app() {
    for category in categories() {
        assert!(apps().iter().any(|app| app.category == *category), "{category:?}");
    }
}

#[test]
fn every_image_is_pinned_and_recognised_as_its_app() {
    for app in apps() {
        let image = app.image_reference();
        assert_eq!(image.problem(), None, "{}", app.image);
        assert!(
            image.tag.as_deref().is_some_and(|tag| tag.contains(|c: char| c.is_ascii_digit())),
            "{}",
            app.image
        );
        assert_eq!(guess(&image).map(|found| &found.code), Some(&app.code));
    }
    assert_eq!(guess(&ImageReference::read("nobody/knows:1")), None);
}

#[test]
fn every_placeholder_is_one_that_is_known() {
    for app in apps() {
        let secrets: BTreeSet<_> = app.secrets().iter().map(|spec| format!("secret:{}", spec.name)).collect();
        let used: BTreeSet<String> =
            app.environment.values().flat_map(|value| placeholders(value)).map(str::to_owned).collect();
        assert!(secrets.is_subset(&used), "{} has a secret nobody uses", app.code);
        for name in used {
            let port = name.strip_prefix("port:").and_then(|port| port.parse().ok());
            let is_port = port
                .is_some_and(|port: u16| app.ports.iter().any(|p| p.container == port && p.host.is_some()));
            assert!(secrets.contains(&name) || is_port, "{}: {name}", app.code);
        }
        for accept in &app.accepts {
            assert!(
                apps().iter().any(|other| other.offer(&accept.kind).is_some()),
                "{}: {}",
                app.code,
                accept.kind
            );
            for template in accept.environment.values() {
                for name in placeholders(template) {
                    assert!(
                        ["host", "port", "user", "password", "database", "url"].contains(&name),
                        "{name}"
                    );
                }
            }
        }
        for offer in &app.offers {
            assert!(
                app.ports.iter().any(|port| port.container == offer.port),
                "{}: {}",
                app.code,
                offer.port
            );
            for login in &offer.logins {
                for name in
                    [&login.user, &login.password, &login.database].into_iter().flat_map(|t| placeholders(t))
                {
                    let key = name.strip_prefix("env:");
                    assert!(key.is_none_or(|key| app.environment.contains_key(key)), "{}: {name}", app.code);
                }
            }
        }
    }
}

#[test]
fn every_app_becomes_a_service_with_all_it_needs() {
    for app in apps() {
        let definition =
            service_definition(app, "thing", &secrets_of(app), &Taken::default()).expect("all secrets");
        let body = definition.service.as_object().expect("a mapping");
        assert_eq!(body["image"], app.image.as_str());
        assert_eq!(body["restart"], "unless-stopped");
        assert!(body["healthcheck"]["test"].is_array(), "{}", app.code);
        assert!(!definition.service.to_string().contains("{{"), "{}", app.code);
        assert!(definition.volumes.iter().all(|volume| volume.starts_with("thing-")), "{}", app.code);
        assert_eq!(body.keys().next().map(String::as_str), Some("image"));
    }
}

#[test]
fn a_missing_secret_is_named() {
    let mariadb = app("mariadb").expect("in the catalogue");
    let missing = service_definition(mariadb, "db", &BTreeMap::new(), &Taken::default());
    assert_eq!(missing.map_err(|missing| missing.secret), Err("password".to_owned()));
}

#[test]
fn a_secret_is_kept_as_it_is_and_only_its_name_is_in_the_file() {
    let postgres = app("postgres").expect("in the catalogue");
    let secrets = BTreeMap::from([("password".to_owned(), "a$b".to_owned())]);
    let definition = service_definition(postgres, "db", &secrets, &Taken::default()).expect("all secrets");
    assert_eq!(definition.service["environment"]["POSTGRES_PASSWORD"], "${POSTGRES_PASSWORD}");
    assert_eq!(definition.values["POSTGRES_PASSWORD"].expose(), "a$b");
}
