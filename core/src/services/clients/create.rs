//! Creates an API client.

use domain::{
    access::{Action, Caller, Resource, Scope},
    api::{ApiClient, CreateApiClient, FieldError},
};
use secrecy::ExposeSecret as _;
use url::Url;

use super::{ClientError, Clients, allow};
use crate::{
    db::accounts::clients::{self, NewClient},
    services::callbacks::Callbacks,
};

const MAX_CHARACTERS: usize = 100;
const MAX_URL: usize = 2000;

impl Clients {
    /// Creates a client. The answer contains its secret, which is shown only once.
    pub async fn create(&self, caller: &Caller, new: CreateApiClient) -> Result<ApiClient, ClientError> {
        allow(caller, Resource::Access, Action::Create)?;
        let now = self.core.context.clock.now();
        let mut errors = Vec::new();
        let name = line("name", new.name.as_deref(), &mut errors);
        let email = line("email", new.email.as_deref(), &mut errors);
        let callback_url = address(new.callback_url.as_deref(), &mut errors);
        let scope = new.scope.unwrap_or(Scope::Deploy);
        if scope > caller.scope {
            errors.push(error("scope", format!("exceeds your own scope, `{}`", caller.scope.as_str())));
        }
        if new.expires_at.is_some_and(|at| at <= now) {
            errors.push(error("expires_at", "must be in the future".to_owned()));
        }
        if !errors.is_empty() {
            return Err(ClientError::Invalid { errors });
        }
        let mut transaction = self.core.pool.begin().await?;
        clients::lock_owner(&mut transaction, &caller.user_id).await?;
        if clients::count(&mut transaction, &caller.user_id).await? >= i64::from(self.core.max_clients) {
            return Err(ClientError::TooMany { limit: self.core.max_clients });
        }
        if let Some(parent) = new.parent_id
            && clients::find_locked(&mut transaction, parent, Some(&caller.user_id)).await?.is_none()
        {
            let errors = vec![error("parent_id", format!("you have no API client {parent}"))];
            return Err(ClientError::Invalid { errors });
        }
        let id = clients::next_id(&mut transaction).await?;
        let secret = self.new_secret();
        let row = NewClient {
            id,
            user_id: &caller.user_id,
            user_name: &caller.name,
            user_email: caller.email.as_deref(),
            secret: &self.sealed(id, &secret)?,
            name,
            email,
            callback_url,
            parent_id: new.parent_id,
            scope,
            is_hardened: new.hardened,
            expires_at: new.expires_at,
            now,
        };
        let mut client = clients::insert(&mut transaction, row).await?;
        if let Some(url) = callback_url {
            Callbacks::new(self.core.clone())
                .add_of_client(&mut transaction, &caller.user_id, id, url)
                .await?;
        }
        self.audit(&mut transaction, caller, "client.created", &client).await?;
        transaction.commit().await?;
        client.secret = Some(secret.expose_secret().to_owned());
        Ok(client)
    }
}

fn error(field: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), message }
}

/// Checks that a text is one line within the length limit. An empty text becomes `None`.
fn line<'a>(field: &str, text: Option<&'a str>, errors: &mut Vec<FieldError>) -> Option<&'a str> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    if text.chars().count() > MAX_CHARACTERS || text.chars().any(char::is_control) {
        errors.push(error(field, format!("must be one line of up to {MAX_CHARACTERS} characters")));
    }
    Some(text)
}

fn address<'a>(text: Option<&'a str>, errors: &mut Vec<FieldError>) -> Option<&'a str> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let fits = |url: &Url| ["http", "https"].contains(&url.scheme()) && url.password().is_none();
    if text.len() > MAX_URL || !Url::parse(text).as_ref().is_ok_and(fits) {
        errors.push(error(
            "callback_url",
            "must be an address that begins with https:// or http://, without a password".to_owned(),
        ));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_called_back() {
        for (text, fits) in [
            ("https://example.com/hook?x=1", true),
            ("http://10.0.0.1:8080", true),
            ("javascript:alert(1)", false),
            ("https://user:pass@example.com", false),
            ("example.com", false),
        ] {
            let mut errors = Vec::new();
            address(Some(text), &mut errors);
            assert_eq!(errors.is_empty(), fits, "{text}");
        }
        assert_eq!(address(Some("  "), &mut Vec::new()), None);
    }
}
