//! What administrators do with agreements.

use domain::{
    access::{Action, Caller, Resource},
    agreement::{Agreement, AgreementVersion, SaveAgreement, UserAgreement},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{AgreementError, Agreements, allow};
use crate::{
    db::{
        agreements::{self, Current},
        audit_log::{self, AuditEntry},
    },
    services::page::{Listed, Page},
};

impl Agreements {
    pub async fn create(&self, caller: &Caller, body: &SaveAgreement) -> Result<Agreement, AgreementError> {
        allow(caller, Resource::AnyAgreement, Action::Create)?;
        body.check().map_err(|errors| AgreementError::Invalid { errors })?;
        let mut transaction = self.core.pool.begin().await?;
        let now = self.core.context.clock.now();
        let required = body.required.unwrap_or_default();
        let id = agreements::insert(&mut transaction, &body.name, required, now).await?;
        self.write_text(&mut transaction, caller, id, 1, &body.text).await?;
        let made = self.written(&mut transaction, caller, id, "agreement.created").await?;
        transaction.commit().await?;
        Ok(made)
    }

    /// A changed text becomes the next version. A changed name or `required` does not have to be accepted again.
    pub async fn update(
        &self,
        caller: &Caller,
        id: i32,
        body: &SaveAgreement,
    ) -> Result<Agreement, AgreementError> {
        allow(caller, Resource::AnyAgreement, Action::Update)?;
        body.check().map_err(|errors| AgreementError::Invalid { errors })?;
        let mut transaction = self.core.pool.begin().await?;
        let current = agreements::find_locked(&mut transaction, id).await?;
        let Current { mut version, text } = current.ok_or(AgreementError::NotFound)?;
        if text != body.text {
            version += 1;
            self.write_text(&mut transaction, caller, id, version, &body.text).await?;
        }
        let now = self.core.context.clock.now();
        agreements::update(&mut transaction, id, version, &body.name, body.required, now).await?;
        let changed = self.written(&mut transaction, caller, id, "agreement.updated").await?;
        transaction.commit().await?;
        Ok(changed)
    }

    pub async fn get_any(&self, caller: &Caller, id: i32) -> Result<Agreement, AgreementError> {
        allow(caller, Resource::AnyAgreement, Action::Read)?;
        self.found(caller, id).await
    }

    /// Who accepted which text, and when, in order.
    pub async fn acceptances(
        &self,
        caller: &Caller,
        id: i32,
        page: Page,
    ) -> Result<Listed<UserAgreement>, AgreementError> {
        self.get_any(caller, id).await?;
        let rows = agreements::acceptances(&self.core.pool, id, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |accepted| accepted.id))
    }

    /// All texts that it has or had, the newest first: `after` is the smallest version of the previous page.
    pub async fn versions(
        &self,
        caller: &Caller,
        id: i32,
        page: Page,
    ) -> Result<Listed<AgreementVersion>, AgreementError> {
        self.get_any(caller, id).await?;
        let rows = agreements::versions(&self.core.pool, id, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |text| text.version))
    }

    async fn write_text(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: i32,
        version: i32,
        text: &str,
    ) -> anyhow::Result<()> {
        let sha256 = Sha256::digest(text.as_bytes());
        let now = self.core.context.clock.now();
        agreements::insert_version(connection, id, version, text, &sha256, &caller.user_id, now).await
    }

    /// Reads what was written, and records it.
    async fn written(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: i32,
        action: &'static str,
    ) -> Result<Agreement, AgreementError> {
        let found = agreements::find(connection, id, &caller.user_id).await?;
        let agreement = found.ok_or(AgreementError::NotFound)?;
        let Agreement { name, version, required, text_sha256, .. } = &agreement;
        let entry = AuditEntry {
            details: json!({"agreement_id": id, "name": name, "version": version, "required": required,
                "text_sha256": text_sha256}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await?;
        Ok(agreement)
    }
}
