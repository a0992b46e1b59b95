//! Projects: one module per way of working with them.

mod compose;
mod deleting;
mod form;
mod listing;
mod ownership;
mod saving;
mod stored_size;

use domain::{
    access::Caller,
    api::{ImportProject, Project},
};

use crate::helpers::World;

/// A file with habits of its own, all of which must survive.
const COMPOSE: &str = "# my stack\nservices:\n    web:\n        image: \"nginx:1.27\"   # pinned\n        ports:\n            - \"8080:80\"\n";

async fn import(world: &World, caller: &Caller, name: &str) -> Project {
    let import = ImportProject { name: name.to_owned(), compose: COMPOSE.to_owned() };
    world.services.projects().import(caller, import).await.unwrap().0
}
