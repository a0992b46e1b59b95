//! The page's URL: how a question is read from it and written into it.

use leptos_router::{location::Url, params::ParamsMap};

use crate::rpc::rules::RulesQuery;

pub(super) const PAGE: &str = "/admin/rules";

/// The question that the URL contains; missing parts are empty.
pub(super) fn query_of(map: &ParamsMap) -> RulesQuery {
    let text = |name: &str| map.get(name).unwrap_or_default();
    let number = |name: &str| map.get(name).and_then(|number| number.parse().ok());
    RulesQuery {
        subject: text("subject"),
        kind: text("kind"),
        role: text("role"),
        method: text("method"),
        path: text("path"),
        routes: text("routes"),
        rules: text("rules"),
        rules_after: number("rules_after"),
        members_after: number("members_after"),
    }
}

/// The parameters of the question without filters and pages, for links and for hidden form fields.
pub(super) fn question(query: &RulesQuery) -> Vec<(&'static str, String)> {
    let all = [
        ("subject", &query.subject),
        ("kind", &query.kind),
        ("role", &query.role),
        ("method", &query.method),
        ("path", &query.path),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.clone()))
        .collect()
}

/// A link to this page with these parameters.
pub(super) fn href(pairs: &[(&'static str, String)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
    format!("{PAGE}?{}", pairs.join("&"))
}
