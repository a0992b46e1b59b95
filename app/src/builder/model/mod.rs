//! The builder's computations: plain data and functions, without signals, browser or clock.
//!
//! This module depends on `domain` alone, so that tests need no browser. Code that needs a signal belongs in `state`.

pub mod attempt;
pub mod geometry;
pub mod gesture;
pub mod health;
pub mod history;
pub mod layout;
pub mod lines;
pub mod marks;
pub mod paste;
pub mod picture;
pub mod problems;
pub mod removed;
pub mod saved;
pub mod selection;
pub mod sentence;
pub mod typed;
pub mod validate;
pub mod words;
