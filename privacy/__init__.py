"""What keeps shoppers private: pseudonyms for their ids, masks for personal data in their words."""
