//! Hosts: machines that run the Stacker agent, owned by one account.

mod enrolment;
mod error;
mod follow;
mod invite;
mod leave;
mod local;
mod revoke;
mod rotate;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    access::{Action, Caller, Resource, may},
    api::{AddHost, Enrolment, Host, HostLists},
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

pub use enrolment::ENROLMENT_LIFETIME;
pub use error::HostError;
pub use follow::{HostStream, WhoseHosts};
pub use revoke::LiveDeployments;

use super::account::{AccountLimit, room_for_one};
use crate::{
    db::{
        agents::hosts::{self, NewHost},
        audit_log::{self, AuditEntry},
    },
    services::core::Core,
};

/// The width of the database column.
pub const MAX_NAME_CHARACTERS: usize = 100;
#[derive(Clone, Debug)]
pub struct Hosts {
    core: Arc<Core>,
}

impl Hosts {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The caller's hosts: this machine first, then in the order they were added. At most a thousand.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Host>, HostError> {
        allow(caller, Action::Read)?;
        Ok(listed(hosts::list(&self.core.pool, &caller.user_id).await?))
    }

    /// The hosts that a project can be deployed to: those of its owner, for operators of the project.
    pub async fn of_project(&self, caller: &Caller, project_id: i32) -> Result<Vec<Host>, HostError> {
        let owner = self.owner_of(caller, WhoseHosts::OfProject(project_id)).await?;
        Ok(listed(hosts::list(&self.core.pool, &owner).await?))
    }

    /// The caller's hosts, and the machines that the install service set up for them.
    pub async fn lists(&self, caller: &Caller) -> Result<HostLists, HostError> {
        let hosts = self.list(caller).await?;
        let machines = hosts::machines(&self.core.pool, &caller.user_id).await?;
        Ok(HostLists { hosts, machines })
    }

    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<Host, HostError> {
        allow(caller, Action::Read)?;
        hosts::find(&self.core.pool, id, &caller.user_id).await?.ok_or(HostError::NotFound("host"))
    }

    /// Adds a host. It joins with the code in the answer, which is shown only once.
    pub async fn add(&self, caller: &Caller, host: AddHost) -> Result<Enrolment, HostError> {
        let mut transaction = self.core.pool.begin().await?;
        let id = self.insert(&mut transaction, caller, host, None).await?;
        let enrolment = self.code_for_host(&mut transaction, caller, id, None).await?;
        transaction.commit().await?;
        Ok(enrolment)
    }

    /// Inserts a host within the limit of its owner.
    async fn insert(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        host: AddHost,
        provisional_until: Option<DateTime<Utc>>,
    ) -> Result<Uuid, HostError> {
        allow(caller, Action::Create)?;
        let name = parse_name(&host.name)?;
        let now = self.core.context.clock.now();
        let id = self.core.context.random.uuid_v7(now);
        hosts::lock_owner(connection, &caller.user_id).await?;
        let used = hosts::count(connection, &caller.user_id).await?;
        room_for_one(used, self.core.limits.max_hosts, |used, limit| AccountLimit::Hosts { used, limit })?;
        let new = NewHost { id, user_id: &caller.user_id, name: &name, provisional_until, now };
        hosts::insert(connection, new).await?;
        hosts::announce(connection, &caller.user_id).await?;
        let details = json!({"host_id": id, "name": name});
        let entry = AuditEntry { details, ..self.core.context.audited_by(caller, "host.added") };
        audit_log::record(connection, entry).await?;
        Ok(id)
    }

    pub async fn rename(&self, caller: &Caller, id: Uuid, name: &str) -> Result<Host, HostError> {
        allow(caller, Action::Update)?;
        let name = parse_name(name)?;
        if !hosts::rename(&self.core.pool, id, &caller.user_id, &name).await? {
            return Err(HostError::NotFound("host"));
        }
        self.get(caller, id).await
    }
}

/// Without the hosts that a page still adds.
fn listed(mut hosts: Vec<Host>) -> Vec<Host> {
    hosts.retain(|host| !host.is_provisional);
    hosts
}

fn allow(caller: &Caller, action: Action) -> Result<(), HostError> {
    if may(caller, Resource::Host, action) { Ok(()) } else { Err(HostError::Forbidden) }
}

/// Checks a name. Surrounding white space is removed.
fn parse_name(name: &str) -> Result<String, HostError> {
    let name = name.trim();
    let fits = (1..=MAX_NAME_CHARACTERS).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err(HostError::NameInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_fits() {
        assert_eq!(parse_name("  attic ").unwrap(), "attic");
        for name in ["", "  ", "a\nb", "nul\0", &"x".repeat(101)] {
            assert!(matches!(parse_name(name), Err(HostError::NameInvalid)), "{name:?}");
        }
    }
}
