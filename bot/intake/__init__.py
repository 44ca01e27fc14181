"""What an admin sends -> an article file: fetched, read, previewed, corrected, shelved. Knows no Telegram."""
