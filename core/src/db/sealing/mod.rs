//! The keys that seal secrets, the servers that hold them, and the columns that are sealed.

pub(crate) mod key_holders;
pub(crate) mod sealed_columns;
pub(crate) mod sealing_keys;
