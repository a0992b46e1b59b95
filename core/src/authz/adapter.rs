//! Passes the rules read from the table to casbin. It never writes: use cases change single rules, in one transaction with the
//! audit entry. A server that saved its whole set would undo the changes of other servers.

use async_trait::async_trait;
use casbin::{Adapter, Filter, Model, Result, error::AdapterError};

use crate::db::casbin_rules::Rule;

pub struct StoredRules(pub Vec<Rule>);

fn refused<T>() -> Result<T> {
    Err(AdapterError("rules are changed in the database, not through an enforcer".into()).into())
}

#[async_trait]
impl Adapter for StoredRules {
    async fn load_policy(&mut self, model: &mut dyn Model) -> Result<()> {
        for Rule { ptype, values, .. } in std::mem::take(&mut self.0) {
            let section = ptype.chars().take(1).collect::<String>();
            model.add_policy(&section, &ptype, values);
        }
        Ok(())
    }

    async fn load_filtered_policy<'a>(&mut self, _model: &mut dyn Model, _filter: Filter<'a>) -> Result<()> {
        refused()
    }

    async fn save_policy(&mut self, _model: &mut dyn Model) -> Result<()> {
        refused()
    }

    async fn clear_policy(&mut self) -> Result<()> {
        refused()
    }

    fn is_filtered(&self) -> bool {
        false
    }

    async fn add_policy(&mut self, _section: &str, _ptype: &str, _rule: Vec<String>) -> Result<bool> {
        refused()
    }

    async fn add_policies(&mut self, _section: &str, _ptype: &str, _rules: Vec<Vec<String>>) -> Result<bool> {
        refused()
    }

    async fn remove_policy(&mut self, _section: &str, _ptype: &str, _rule: Vec<String>) -> Result<bool> {
        refused()
    }

    async fn remove_policies(
        &mut self,
        _section: &str,
        _ptype: &str,
        _rules: Vec<Vec<String>>,
    ) -> Result<bool> {
        refused()
    }

    async fn remove_filtered_policy(
        &mut self,
        _section: &str,
        _ptype: &str,
        _index: usize,
        _values: Vec<String>,
    ) -> Result<bool> {
        refused()
    }
}
