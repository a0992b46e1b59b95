//! The values of a project's variables: what its `.env` file holds. They are sealed, and leave only for editors and deployments.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Action, Caller, ProjectRole, Resource},
    api::{FieldError, ProjectDraft, ProjectEnv},
    stack::{HeldValue, SecretText, Values},
};
use serde_json::json;
use sqlx::PgConnection;

use super::{
    Projects, allow,
    error::ProjectError,
    vault::{MAX_LIVE_BYTES, Vault},
};
use crate::db::{
    audit_log::{self, AuditEntry},
    projects::{Stored, project_values},
};

/// The project whose values a write changes. Its row is locked.
pub(super) struct Holder<'a> {
    pub id: i32,
    pub owner: &'a str,
    /// The values that are stored.
    pub stored: &'a Values,
}

/// What becomes of values that are replaced or removed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Former<'n> {
    /// They stay sealed for undo in the builder.
    Kept,
    /// Those of these names are forgotten.
    Forgotten(&'n BTreeSet<String>),
}

impl Projects {
    /// All values with their texts, for editors. Each reading is in the audit log.
    pub async fn env(&self, caller: &Caller, id: i32) -> Result<ProjectEnv, ProjectError> {
        allow(caller, Resource::ProjectValues, Action::Read)?;
        let mut transaction = self.core.pool.begin().await.map_err(anyhow::Error::from)?;
        let found = project_values::find(&mut *transaction, id, &caller.user_id)
            .await?
            .ok_or(ProjectError::NotFound)?;
        found.role.require(ProjectRole::Editor)?;
        let vault = Vault::open(&self.core.keyring, id, found.sealed.as_deref())?;
        let values: BTreeMap<String, SecretText> = texts(&found.values, &vault).collect();
        let entry = AuditEntry {
            owner_id: Some(&found.owner),
            details: json!({"project_id": id, "names": values.keys().collect::<Vec<_>>()}),
            ..self.core.context.audited_by(caller, "project.values_read")
        };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.map_err(anyhow::Error::from)?;
        Ok(ProjectEnv::of(values))
    }

    /// Sets and removes (`None`) values; those that are not named stay. Former values of these names are forgotten for good.
    pub async fn set_env(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        changes: BTreeMap<String, Option<SecretText>>,
    ) -> Result<ProjectDraft, ProjectError> {
        allow(caller, Resource::ProjectValues, Action::Update)?;
        let named: BTreeSet<String> = changes.keys().cloned().collect();
        let set = move |stored: &Stored| {
            let mut content = stored.content.clone();
            apply(&mut content.values, changes)?;
            Ok((content, ()))
        };
        let (changed, ()) = self.change_values(caller, id, expected, Former::Forgotten(&named), set).await?;
        Ok(changed.into_draft())
    }

    /// Seals the wanted values, in the transaction that writes the text. Returns them as they are stored then.
    pub(super) async fn keep_values(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        holder: Holder<'_>,
        wanted: &Values,
        former: Former<'_>,
    ) -> Result<Values, ProjectError> {
        let Holder { id, owner, stored } = holder;
        if wanted == stored && former == Former::Kept {
            return Ok(wanted.clone());
        }
        wanted.check()?;
        let sealed = project_values::find_sealed(connection, id).await?;
        let mut vault = Vault::open(&self.core.keyring, id, sealed.as_deref())?;
        let numbers = numbered(stored, wanted, &mut vault)?;
        let touched = touched(stored, &numbers);
        if let Former::Forgotten(names) = former {
            vault.forget_former(&numbers, names);
        }
        let bytes = vault.tidy(&numbers);
        if bytes > MAX_LIVE_BYTES {
            return Err(ProjectError::TooLarge { what: "values", limit: MAX_LIVE_BYTES, actual: bytes });
        }
        if !touched.set.is_empty() || !touched.removed.is_empty() {
            let details = json!({"project_id": id, "set": touched.set, "removed": touched.removed});
            let owner_id = Some(owner);
            let action = "project.values_changed";
            let entry = AuditEntry { owner_id, details, ..self.core.context.audited_by(caller, action) };
            audit_log::record(connection, entry).await?;
        }
        let sealed = vault.seal(&self.core.keyring, &self.core.context, id)?;
        project_values::set(connection, id, numbers.clone(), &sealed).await?;
        Ok(Values::stored(numbers))
    }

    /// The values of a project as new ones, for a copy of it.
    pub(super) fn copied_values(
        &self,
        id: i32,
        stored: &Values,
        sealed: Option<&[u8]>,
    ) -> Result<Values, ProjectError> {
        let vault = Vault::open(&self.core.keyring, id, sealed)?;
        let mut copied = Values::default();
        for (name, text) in texts(stored, &vault) {
            copied.set(&name, text)?;
        }
        Ok(copied)
    }
}

/// The values that a vault has a text for.
pub(in crate::services) fn texts(
    values: &Values,
    vault: &Vault,
) -> impl Iterator<Item = (String, SecretText)> {
    values.iter().filter_map(|(name, value)| {
        let text = match value {
            HeldValue::Stored(number) => SecretText::new(vault.text(*number)?),
            HeldValue::New(text) => text.clone(),
        };
        Some((name.to_owned(), text))
    })
}

fn apply(values: &mut Values, changes: BTreeMap<String, Option<SecretText>>) -> Result<(), ProjectError> {
    let mut errors = Vec::new();
    for (name, value) in changes {
        match value {
            Some(value) => {
                if let Err(refusal) = values.set(&name, value) {
                    errors.push(FieldError { field: format!("values.{name}"), message: refusal.message });
                }
            }
            None => drop(values.remove(&name)),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(ProjectError::Invalid { errors }) }
}

/// The number of each wanted value. A text that is stored under its name already keeps its number.
fn numbered(
    stored: &Values,
    wanted: &Values,
    vault: &mut Vault,
) -> Result<BTreeMap<String, u32>, ProjectError> {
    let mut numbers = BTreeMap::new();
    for (name, value) in wanted.iter() {
        let number = match value {
            HeldValue::Stored(number) if vault.text(*number).is_some() => *number,
            HeldValue::Stored(_) => {
                let message = format!("the value of `{name}` is no longer kept: set it again");
                let field = format!("values.{name}");
                return Err(ProjectError::Invalid { errors: vec![FieldError { field, message }] });
            }
            HeldValue::New(text) => match stored.get(name) {
                Some(HeldValue::Stored(number)) if vault.text(*number) == Some(text.expose()) => *number,
                _ => vault.add(name, text.expose()),
            },
        };
        numbers.insert(name.to_owned(), number);
    }
    Ok(numbers)
}

struct Touched<'n> {
    set: BTreeSet<&'n str>,
    removed: BTreeSet<&'n str>,
}

fn touched<'n>(stored: &'n Values, numbers: &'n BTreeMap<String, u32>) -> Touched<'n> {
    let is_new = |(name, number): &(&String, &u32)| stored.get(name) != Some(&HeldValue::Stored(**number));
    Touched {
        set: numbers.iter().filter(is_new).map(|(name, _)| name.as_str()).collect(),
        removed: stored.names().filter(|name| !numbers.contains_key(*name)).collect(),
    }
}
