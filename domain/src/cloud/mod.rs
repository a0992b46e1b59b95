//! Clouds: the keys for them, the machines that the install service creates there, and the request to deploy to one.
//!
//! Bodies are read from JSON values and not with `Deserialize`, so that every wrong value is named at once, with its path.
//! Credentials are [`Secret`]s from the first moment on. Answers only ever hold their [`mask`].

mod cloud_body;
mod deploy_body;
mod item;
mod mask;
mod offers;
mod provider;
mod reading;
mod secret;
mod server_body;

pub use cloud_body::{CloudBody, LONGEST_NAME};
pub use deploy_body::{DeployBody, EmptyObject, StackPart};
pub use item::{CloudItem, KeyCheck, KeyVerdict, OfferedCloud, ServerItem, ShareCloud, SharedProject};
pub use mask::{SecretChange, is_mask_of, mask};
pub use offers::{Offers, OsImage, Price, Region, Size};
pub use provider::{
    Need, OWN, Provider, SecretField, SecretKind, TokenCheck, is_own, provider_name, routing_key,
};
pub use reading::LONGEST_SECRET;
pub use secret::Secret;
pub use server_body::ServerBody;
