//! The rules that decide who is allowed to do what over REST: read-only, for administrators.

use domain::api::{PolicyDecision, RouteDecision, StoredRule};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::RpcError;

/// The question in the page's URL; missing parts are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesQuery {
    pub subject: String,
    /// `role`, `user` or `client`. Empty: the server derives it from what it knows about the subject.
    pub kind: String,
    /// For a user: replaces the known role.
    pub role: String,
    pub method: String,
    pub path: String,
    /// Filter: routes that contain this text.
    pub routes: String,
    /// Filter: rules and memberships that contain this text.
    pub rules: String,
    /// The last rule and the last membership of the previous page.
    pub rules_after: Option<i32>,
    pub members_after: Option<i32>,
}

/// One page of the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleList {
    pub rules: Vec<StoredRule>,
    pub has_more: bool,
}

/// Why a question cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unanswered {
    /// The server knows nothing about this user, so the administrator has to choose a role.
    RoleUnknown,
    /// The question is invalid; the text says why.
    Invalid(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulesView {
    /// All subjects that occur in rules, as suggestions.
    pub subjects: Vec<String>,
    /// Present only if the question contains a path.
    pub decision: Option<PolicyDecision>,
    /// Present only if the question contains a subject.
    pub routes: Option<Vec<RouteDecision>>,
    pub unanswered: Option<Unanswered>,
    pub rules: RuleList,
    pub members: RuleList,
}

#[server(endpoint = "rules/look-up", prefix = "/rpc")]
pub async fn look_up_rules(#[server(default)] query: RulesQuery) -> Result<RulesView, RpcError> {
    let caller = super::caller()?;
    let rules = super::services()?.rules();
    let list = async |ptype: &str, after| {
        let filter =
            stacker::services::RuleFilter { ptype: ptype.to_owned(), text: query.rules.clone(), after };
        rules.page(&caller, &filter).await.map(|(rules, has_more)| RuleList { rules, has_more })
    };
    let mut view = RulesView {
        subjects: rules.subjects(&caller)?,
        decision: None,
        routes: None,
        unanswered: None,
        rules: list("p", query.rules_after).await?,
        members: list("g", query.members_after).await?,
    };
    if !query.subject.trim().is_empty() {
        match answered(&rules, &caller, &query).await {
            Ok((decision, routes)) => (view.decision, view.routes) = (decision, Some(routes)),
            Err(error) => view.unanswered = Some(unanswered(error)?),
        }
    }
    Ok(view)
}

#[cfg(feature = "ssr")]
async fn answered(
    rules: &stacker::services::Rules,
    caller: &domain::access::Caller,
    query: &RulesQuery,
) -> Result<(Option<PolicyDecision>, Vec<RouteDecision>), stacker::services::RuleError> {
    let subject = stacker::services::SubjectQuery {
        id: query.subject.clone(),
        kind: domain::api::SubjectKind::named(&query.kind),
        role: Some(query.role.clone()),
    };
    let routes = rules.routes(caller, &subject).await?;
    let text = query.routes.trim().to_lowercase();
    let shown = routes
        .into_iter()
        .filter(|route| format!("{} {}", route.method, route.pattern).to_lowercase().contains(&text));
    let shown = shown.collect();
    if query.path.trim().is_empty() {
        return Ok((None, shown));
    }
    let method = if query.method.is_empty() { "GET".to_owned() } else { query.method.clone() };
    let path = query.path.clone();
    let question = stacker::services::Question { subject, method, path };
    Ok((Some(rules.decide(caller, &question).await?), shown))
}

/// Returns the errors that the administrator can fix by asking differently; all others stay errors.
#[cfg(feature = "ssr")]
fn unanswered(error: stacker::services::RuleError) -> Result<Unanswered, RpcError> {
    use stacker::services::RuleError;
    match error {
        RuleError::RoleUnknown(_) => Ok(Unanswered::RoleUnknown),
        RuleError::Invalid(message) => Ok(Unanswered::Invalid(message)),
        error => Err(error.into()),
    }
}
