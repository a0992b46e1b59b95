//! What the builder computes: plain data and functions, without signals, browser or clock.
//!
//! Depends on `domain` alone, so that everything here is tested natively. Code that needs a signal belongs in `state`.

pub mod geometry;
pub mod gesture;
pub mod history;
pub mod layout;
pub mod lines;
pub mod marks;
pub mod paste;
pub mod picture;
pub mod selection;
pub mod sentence;
pub mod typed;
pub mod validate;
pub mod words;
