//! Projects: one module per kind of operation.

mod compose;
mod deleting;
mod following;
mod form;
mod listing;
mod ownership;
mod saving;
mod stored_size;
mod values;

use domain::{
    access::Caller,
    api::{ImportProject, Project},
};

use crate::helpers::World;

/// A compose file with unusual formatting, which every edit must preserve.
const COMPOSE: &str = "# my stack\nservices:\n    web:\n        image: \"nginx:1.27\"   # pinned\n        ports:\n            - \"8080:80\"\n";

async fn import(world: &World, caller: &Caller, name: &str) -> Project {
    let import = ImportProject { name: name.to_owned(), compose: COMPOSE.to_owned() };
    world.services.projects().import(caller, import).await.unwrap().0
}
