//! A copy of the store, taken while it is in use.

use std::path::Path;

use crate::dialect::{self, StoreUrl};
use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// Writes a copy of a SQLite store to a new file and checks that the copy is sound; the file
    /// appears when it is. Readers and writers go on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is a file already, when the copy cannot be written or
    /// is not sound, and for a store on a database server.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            let text = format!("there is a file already: {}", path.display());
            return Err(StoreError::Unavailable(text));
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let part = Path::new(&name);
        let done = match self.copy_and_check(part).await {
            Ok(()) => std::fs::rename(part, path).map_err(|fault| unusable(path, &fault)),
            Err(fault) => Err(fault),
        };
        if done.is_err() && part.exists() {
            std::fs::remove_file(part).map_err(|fault| unusable(part, &fault))?;
        }
        done
    }

    async fn copy_and_check(&self, part: &Path) -> Result<(), StoreError> {
        if part.exists() {
            // What an interrupted copy left.
            std::fs::remove_file(part).map_err(|fault| unusable(part, &fault))?;
        }
        dialect::copy_to(&self.db, part).await?;
        let copy = Store::open(&StoreUrl::file(part)).await?;
        let problems = copy.integrity_check().await?;
        copy.close().await?;
        match problems.first() {
            None => Ok(()),
            Some(first) => {
                let text = format!("the copy is not sound, so it was removed: {first}");
                Err(StoreError::Unavailable(text))
            }
        }
    }
}

fn unusable(path: &Path, fault: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {fault}", path.display()))
}
