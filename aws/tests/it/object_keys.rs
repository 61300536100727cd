//! The keys that the npm package takes, and no others.

use crate::support::{StoppedClock, Store, secret_text, shared_tests};
use edgeseal_aws::{
    RequestDownload, UploadService, UploadServiceConfig, check_object_key, create_signer, new_object_key,
};
use serde_json::Value;

fn cases(op: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(shared_tests().join("vectors/object-keys.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let cases: Vec<Value> = file["cases"].as_array().unwrap().iter().filter(|case| case["op"] == op).cloned().collect();
    assert!(!cases.is_empty());
    cases
}

#[tokio::test]
async fn keys_are_taken_or_refused_and_become_paths_as_the_shared_vectors_say() {
    let store = Store::holding(secret_text("K1"));
    let signer = create_signer(store.config(&StoppedClock::new())).await.unwrap();
    let service = UploadService::new(UploadServiceConfig::new(signer, "https://files.example.com")).unwrap();
    for case in cases("check") {
        let times = case["times"].as_u64().unwrap_or(1) as usize;
        let key = case["key"].as_str().unwrap().repeat(times) + case["tail"].as_str().unwrap_or_default();
        let code = check_object_key(&key).err().map(|error| error.code().as_str());
        assert_eq!(code, case["error"].as_str(), "{}", case["id"]);
        let Some(path) = case["path"].as_str() else { continue };
        let url = service.request_download(RequestDownload { key, ..RequestDownload::default() }).await.unwrap();
        let wanted = format!("https://files.example.com/download/{}?", path.repeat(times));
        assert!(url.starts_with(&wanted), "{}: {url}", case["id"]);
    }
}

#[test]
fn made_up_keys_have_the_ending_and_the_folder_that_the_shared_vectors_say() {
    for case in cases("make") {
        let (filename, folder) = (case["filename"].as_str(), case["folder"].as_str());
        let made = new_object_key(filename, folder);
        let code = made.as_ref().err().map(|error| error.code().as_str());
        assert_eq!(code, case["error"].as_str(), "{}", case["id"]);
        let Ok(key) = made else { continue };
        assert!(check_object_key(&key).is_ok());
        let name = folder.map_or(key.as_str(), |folder| key.strip_prefix(&format!("{folder}/")).unwrap());
        let random = name.strip_suffix(case["ending"].as_str().unwrap()).unwrap();
        assert_eq!(random.len(), 36, "{}: {name}", case["id"]);
        assert!(random.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{}: {name}", case["id"]);
    }
}

#[test]
fn no_two_made_up_keys_are_the_same() {
    let keys: std::collections::HashSet<String> = (0..1000).map(|_| new_object_key(None, None).unwrap()).collect();
    assert_eq!(keys.len(), 1000);
}
