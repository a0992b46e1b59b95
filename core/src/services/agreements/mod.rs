//! Agreements: texts that users accept, and the proof of who accepted which text, and when.
//!
//! A changed text is a new version, which has to be accepted again. What was accepted is never changed or deleted.
//!
//! - this file: reading and accepting
//! - [`write`]: what administrators do
//!
//! Deployments ask [`agreements::first_unaccepted`] and refuse those who have not accepted a required agreement.

mod error;
mod write;

use std::sync::Arc;

use anyhow::Context as _;
use domain::{
    access::{Action, Caller, Resource, may},
    agreement::{AcceptAgreement, Agreement, UserAgreement},
};
use serde_json::json;

pub use error::AgreementError;

use crate::{
    db::{
        agreements::{self, Unaccepted},
        audit_log::{self, AuditEntry},
    },
    services::{
        core::Core,
        page::{Listed, Page},
    },
};

#[derive(Clone, Debug)]
pub struct Agreements {
    core: Arc<Core>,
}

impl Agreements {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// In the order in which they were made, with the time at which the caller accepted their newest text.
    pub async fn list(&self, caller: &Caller, page: Page) -> Result<Listed<Agreement>, AgreementError> {
        allow(caller, Resource::Agreement, Action::Read)?;
        let rows = agreements::list(&self.core.pool, &caller.user_id, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |agreement| agreement.id))
    }

    pub async fn get(&self, caller: &Caller, id: i32) -> Result<Agreement, AgreementError> {
        allow(caller, Resource::Agreement, Action::Read)?;
        self.found(caller, id).await
    }

    /// What the caller has to accept before the next deployment. For an API client, its owner has to accept.
    pub async fn next_to_accept(&self, caller: &Caller) -> Result<Option<Agreement>, AgreementError> {
        allow(caller, Resource::Agreement, Action::Read)?;
        let mut connection = self.core.pool.acquire().await.context("looking for an agreement to accept")?;
        let Some(Unaccepted { id, .. }) =
            agreements::first_unaccepted(&mut connection, &caller.user_id).await?
        else {
            return Ok(None);
        };
        Ok(agreements::find(&mut connection, id, &caller.user_id).await?)
    }

    /// Accepts the newest text, once. With a version, only if that is the newest.
    pub async fn accept(
        &self,
        caller: &Caller,
        body: AcceptAgreement,
    ) -> Result<UserAgreement, AgreementError> {
        allow(caller, Resource::Agreement, Action::Create)?;
        let AcceptAgreement { agrt_id, version } = body;
        let mut transaction = self.core.pool.begin().await?;
        let newest = agreements::keep_version(&mut transaction, agrt_id).await?;
        let newest = newest.ok_or(AgreementError::NotFound)?;
        if version.is_some_and(|read| read != newest) {
            return Err(AgreementError::Changed { newest });
        }
        let now = self.core.context.clock.now();
        let accepted = agreements::accept(&mut transaction, agrt_id, newest, &caller.user_id, now).await?;
        let accepted = accepted.ok_or(AgreementError::AlreadySigned)?;
        let entry = AuditEntry {
            owner_id: Some(&caller.user_id),
            details: json!({"agreement_id": agrt_id, "version": newest, "text_sha256": accepted.text_sha256}),
            ..self.core.context.audited_by(caller, "agreement.accepted")
        };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(accepted)
    }

    /// That the caller accepted the newest text.
    pub async fn accepted(&self, caller: &Caller, id: i32) -> Result<UserAgreement, AgreementError> {
        allow(caller, Resource::Agreement, Action::Read)?;
        let found = agreements::accepted(&self.core.pool, id, &caller.user_id).await?;
        found.ok_or(AgreementError::NotFound)
    }

    async fn found(&self, caller: &Caller, id: i32) -> Result<Agreement, AgreementError> {
        let mut connection = self.core.pool.acquire().await.context("reading an agreement")?;
        let found = agreements::find(&mut connection, id, &caller.user_id).await?;
        found.ok_or(AgreementError::NotFound)
    }
}

fn allow(caller: &Caller, resource: Resource, action: Action) -> Result<(), AgreementError> {
    if may(caller, resource, action) { Ok(()) } else { Err(AgreementError::Forbidden) }
}
