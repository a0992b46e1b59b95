//! The subject of a question about the rules: a role, or a user or API client looked up in the database.

use domain::{
    access::{Role, STRANGER},
    api::{PolicySubject, SubjectKind},
};

use super::{RuleError, Rules};
use crate::db::accounts::{access_tokens, clients, sessions};

/// The most API clients of a user that are listed.
const MOST_CLIENTS: i64 = 100;
/// The longest subject; ids of providers are shorter.
const MAX_SUBJECT: usize = 128;

/// The subject of a question, as an administrator names it.
#[derive(Clone, Debug, Default)]
pub struct SubjectQuery {
    pub id: String,
    /// `None`: the kind is derived from the id.
    pub kind: Option<SubjectKind>,
    /// For a user: the role to assume instead of the known one.
    pub role: Option<String>,
}

impl Rules {
    pub(super) async fn subject(&self, query: &SubjectQuery) -> Result<PolicySubject, RuleError> {
        let id = query.id.trim();
        if id.is_empty() {
            return Err(RuleError::Invalid("name a subject: a role, a user or an API client".to_owned()));
        }
        let role = query.role.as_deref().map(str::trim).filter(|role| !role.is_empty());
        if [id, role.unwrap_or_default()].iter().any(|word| word.len() > MAX_SUBJECT) {
            return Err(RuleError::Invalid(format!("a subject can have up to {MAX_SUBJECT} characters")));
        }
        match query.kind {
            Some(SubjectKind::Role) => Ok(as_role(id)),
            Some(SubjectKind::Client) => self.client(id).await?.ok_or_else(|| no_client(id)),
            Some(SubjectKind::User) => self.user(id, role).await,
            None => self.user_or_role(id, role).await,
        }
    }

    /// Looks for an API client first, then for a role or another subject that rules name, and last for a user.
    async fn user_or_role(&self, id: &str, with_role: Option<&str>) -> Result<PolicySubject, RuleError> {
        if let Some(client) = self.client(id).await? {
            return Ok(client);
        }
        let is_named = self.in_force.subjects()?.iter().any(|subject| subject == id);
        if is_named || !matches!(Role::named(id), Role::Other(_)) {
            return Ok(as_role(id));
        }
        self.user(id, with_role).await
    }

    async fn client(&self, id: &str) -> Result<Option<PolicySubject>, RuleError> {
        let Ok(id) = id.parse::<i32>() else { return Ok(None) };
        let Some(client) = clients::known(&self.core.pool, id).await? else { return Ok(None) };
        let names = [Role::Client.as_str(), &id.to_string(), STRANGER].map(str::to_owned).to_vec();
        Ok(Some(PolicySubject {
            id: id.to_string(),
            kind: SubjectKind::Client,
            names,
            roles: Vec::new(),
            clients: vec![client],
        }))
    }

    async fn user(&self, id: &str, with_role: Option<&str>) -> Result<PolicySubject, RuleError> {
        let now = self.core.context.clock.now();
        let mut roles =
            sessions::latest_role(&self.core.pool, id, now).await?.into_iter().collect::<Vec<_>>();
        roles.extend(access_tokens::latest_role(&self.core.pool, id, now).await?);
        roles.sort_by_key(|known| std::cmp::Reverse(known.since));
        let clients = clients::known_of_user(&self.core.pool, id, MOST_CLIENTS).await?;
        let known = with_role.map(str::to_owned).or_else(|| Some(roles.first()?.role.clone()));
        let role = known.ok_or_else(|| RuleError::RoleUnknown(id.to_owned()))?;
        let names = vec![role, STRANGER.to_owned()];
        Ok(PolicySubject { id: id.to_owned(), kind: SubjectKind::User, names, roles, clients })
    }
}

fn as_role(id: &str) -> PolicySubject {
    let mut names = vec![id.to_owned()];
    if id != STRANGER {
        names.push(STRANGER.to_owned());
    }
    PolicySubject {
        id: id.to_owned(),
        kind: SubjectKind::Role,
        names,
        roles: Vec::new(),
        clients: Vec::new(),
    }
}

fn no_client(id: &str) -> RuleError {
    RuleError::Invalid(format!("API client {id} does not exist"))
}
