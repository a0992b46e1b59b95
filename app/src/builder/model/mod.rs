//! The builder's computations: plain data and functions, without signals, browser or clock.
//!
//! This module depends on `domain` alone, so that tests need no browser. Code that needs a signal belongs in `state`.

pub mod any_key;
pub mod attempt;
pub mod catch_up;
pub mod geometry;
pub mod gesture;
pub mod health;
pub mod history;
pub mod images;
pub mod indent;
pub mod labels;
pub mod layout;
pub mod limits;
pub mod lines;
pub mod local_draft;
pub mod marks;
pub mod network_areas;
pub mod paste;
pub mod picture;
pub mod problems;
pub mod removed;
pub mod routing;
pub mod saved;
pub mod selection;
pub mod sentence;
pub mod typed;
pub mod validate;
pub mod words;
