//! The User Service that is switched off, and one for tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::marketplace::{Plans, Product, Profile};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use uuid::Uuid;

use super::{Category, NewStack, RemoteStack, UserService, UserServiceError};

/// What is there when the User Service is switched off.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoUserService;

#[async_trait]
impl UserService for NoUserService {
    fn is_on(&self) -> bool {
        false
    }

    async fn profile(&self, _: &SecretString) -> Result<Profile, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn profile_of(&self, _: &str) -> Result<Profile, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn plans(&self) -> Result<Arc<Plans>, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn template_product(&self, _: Uuid) -> Result<Option<Product>, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn categories(&self) -> Result<Vec<Category>, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn create_stack(&self, _: &NewStack) -> Result<RemoteStack, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn stack(&self, _: i64) -> Result<RemoteStack, UserServiceError> {
        Err(UserServiceError::Off)
    }

    async fn stacks_of(&self, _: &str) -> Result<Vec<RemoteStack>, UserServiceError> {
        Err(UserServiceError::Off)
    }
}

/// Knows the people that it was told about, and refuses all others.
#[derive(Debug, Default)]
pub struct FakeUserService {
    pub plans: Plans,
    pub products: Vec<Product>,
    pub categories: Vec<Category>,
    by_token: Mutex<BTreeMap<String, Value>>,
    by_id: Mutex<BTreeMap<String, Value>>,
    stacks: Mutex<Vec<RemoteStack>>,
    error: Mutex<Option<UserServiceError>>,
}

impl FakeUserService {
    /// Sets the body of the answer about the owner of a token.
    pub fn knows_token(&self, token: &str, body: Value) {
        lock(&self.by_token).insert(token.to_owned(), body);
    }

    /// Sets the body of the answer about a person.
    pub fn knows_user(&self, user_id: &str, body: Value) {
        lock(&self.by_id).insert(user_id.to_owned(), body);
    }

    /// Sets the answer to all later questions; `None`: what it knows again.
    pub fn fails_with(&self, error: Option<UserServiceError>) {
        *lock(&self.error) = error;
    }

    fn works(&self) -> Result<(), UserServiceError> {
        lock(&self.error).map_or(Ok(()), Err)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn profile(known: Option<&Value>, unknown: UserServiceError) -> Result<Profile, UserServiceError> {
    Profile::read(known.ok_or(unknown)?).ok_or(UserServiceError::InvalidAnswer)
}

#[async_trait]
impl UserService for FakeUserService {
    fn is_on(&self) -> bool {
        true
    }

    async fn profile(&self, token: &SecretString) -> Result<Profile, UserServiceError> {
        self.works()?;
        profile(lock(&self.by_token).get(token.expose_secret()), UserServiceError::Refused)
    }

    async fn profile_of(&self, user_id: &str) -> Result<Profile, UserServiceError> {
        self.works()?;
        profile(lock(&self.by_id).get(user_id), UserServiceError::NotFound)
    }

    async fn plans(&self) -> Result<Arc<Plans>, UserServiceError> {
        self.works()?;
        Ok(Arc::new(self.plans.clone()))
    }

    async fn template_product(&self, template_id: Uuid) -> Result<Option<Product>, UserServiceError> {
        self.works()?;
        let id = template_id.to_string();
        Ok(self.products.iter().find(|product| product.is_template(&id, &id)).cloned())
    }

    async fn categories(&self) -> Result<Vec<Category>, UserServiceError> {
        self.works()?;
        Ok(self.categories.clone())
    }

    async fn create_stack(&self, stack: &NewStack) -> Result<RemoteStack, UserServiceError> {
        self.works()?;
        let mut stacks = lock(&self.stacks);
        let created = RemoteStack {
            id: i64::try_from(stacks.len()).unwrap_or(i64::MAX),
            name: Some(stack.name.clone()),
            user_id: Some(stack.user_id.clone()),
            marketplace_template_id: Some(stack.template_id),
            template_version: Some(stack.template_version.clone()),
        };
        stacks.push(created.clone());
        Ok(created)
    }

    async fn stack(&self, id: i64) -> Result<RemoteStack, UserServiceError> {
        self.works()?;
        lock(&self.stacks).iter().find(|stack| stack.id == id).cloned().ok_or(UserServiceError::NotFound)
    }

    async fn stacks_of(&self, user_id: &str) -> Result<Vec<RemoteStack>, UserServiceError> {
        self.works()?;
        let stacks = lock(&self.stacks);
        Ok(stacks.iter().filter(|stack| stack.user_id.as_deref() == Some(user_id)).cloned().collect())
    }
}
