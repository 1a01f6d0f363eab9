"""The recurrent cells: LSTM, LSTM with layer normalisation, and HyperLSTM."""
